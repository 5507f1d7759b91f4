using System.Text.Json;

namespace NativeTrainer.Tests.Callbacks;

/// <summary>
/// Recorded trainings played again, event by event, through the handler with the callbacks that were there: after each event the flags must
/// be as recorded, at the end the best checkpoint. What the loop itself does is not in question here.
/// </summary>
public sealed class FlowTests
{
    // Left out: callbacks of the user's own that raise flags, and trainings that are more than one train().
    private static readonly string[] Others =
    [
        "flags.json", "flags-early.json", "flags-epoch-end.json", "flags-substep.json", "no-default-flow.json", "train-twice.json",
        "evaluate-train-evaluate-predict.json",
    ];

    private static readonly Dictionary<string, EarlyStoppingCallback> EarlyStopping = new()
    {
        ["early-stopping-1.json"] = new(1),
        ["early-stopping-2.json"] = new(2),
        ["early-stopping-reset.json"] = new(2),
        ["early-stopping-saved-less-often.json"] = new(2),
        ["early-stopping-threshold.json"] = new(2, 0.05),
    };

    public static IEnumerable<string> Recordings()
        => Directory.GetFiles(Golden.Path("callbacks"), "*.json").Select(f => Path.GetFileName(f)!)
        .Where(f => !Others.Contains(f) && !f.StartsWith("resume-", StringComparison.Ordinal))
        .Where(f => Golden.Json("callbacks/" + f).TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array);

    [TestCaseSource(nameof(Recordings))]
    public void Flags_rise_and_fall_as_recorded(string name)
    {
        var golden = Golden.Json("callbacks/" + name);
        var args = new TrainingArguments("");
        var given = Golden.Map(golden.GetProperty("arguments"));
        given["output_dir"] = "<out>";
        new HfArgumentParser(args).ParseDict(given);

        var isStream = name.StartsWith("stream", StringComparison.Ordinal);
        long? rows = isStream ? null : golden.GetProperty("rows").GetInt64();
        var batches = args.DataloaderDropLast ? rows / args.TrainBatchSize : (rows + args.TrainBatchSize - 1) / args.TrainBatchSize;
        var plan = StepPlan.Create(args, batches, rows);
        var state = new TrainerState
        {
            MaxSteps = plan.MaxSteps,
            NumTrainEpochs = plan.NumTrainEpochs,
            LoggingSteps = plan.Interval(args.LoggingSteps),
            EvalSteps = args.EvalSteps is { } steps ? plan.Interval(steps) : 500,
            SaveSteps = plan.Interval(args.SaveSteps),
            TrainBatchSize = args.TrainBatchSize,
        };
        List<TrainerCallback> callbacks = [new DefaultFlowCallback()];
        if (EarlyStopping.TryGetValue(name, out var stopping)) callbacks.Add(stopping);
        Play(golden, args, state, new CallbackHandler(callbacks, new CallbackContext()));

        string[] keys =
        [
            "max_steps", "logging_steps", "eval_steps", "save_steps", "num_train_epochs", "train_batch_size", "best_metric",
            "best_model_checkpoint",
        ];
        foreach (var key in keys)
        {
            Golden.AssertEqual(TrainerStateJson.ToPlain(state)[key], Golden.Plain(golden.GetProperty("state").GetProperty(key)), key);
        }
    }

    private static void Play(JsonElement golden, TrainingArguments args, TrainerState state, CallbackHandler handler)
    {
        var control = new TrainerControl();
        Metrics logs = [], merged = [];
        var evaluatedAt = -1;
        foreach (var row in golden.GetProperty("events").EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Array))
        {
            var kind = row[0].GetString();
            state.GlobalStep = row[1].GetInt32();
            state.Epoch = row[2].ValueKind == JsonValueKind.Null ? null : PythonValue.ToNumber(Golden.Plain(row[2]));
            switch (kind)
            {
                case "init_end": handler.OnInitEnd(args, state, control); break;
                case "train_begin": handler.OnTrainBegin(args, state, control); break;
                case "epoch_begin": handler.OnEpochBegin(args, state, control); break;
                case "step_begin": handler.OnStepBegin(args, state, control); break;
                case "substep_end": handler.OnSubstepEnd(args, state, control); break;
                case "step_end": handler.OnStepEnd(args, state, control); break;
                case "prediction_step": handler.OnPredictionStep(args, state, control); break;
                case "epoch_end": handler.OnEpochEnd(args, state, control); break;
                case "train_end": handler.OnTrainEnd(args, state, control); break;
                case "log":
                    logs = [];
                    foreach (var (key, value) in Golden.Map(row[4].GetProperty("logs"))) logs[key] = PythonValue.ToNumber(value);
                    handler.OnLog(args, state, control, logs);
                    break;
                case "evaluate":
                    Assert.That(row[4].GetProperty("metrics").EnumerateArray().Select(m => m.GetString()), Is.SubsetOf(logs.Keys));
                    if (evaluatedAt != state.GlobalStep) merged = [];
                    foreach (var (key, value) in logs) merged[key] = value;
                    evaluatedAt = state.GlobalStep;
                    handler.OnEvaluate(args, state, control, logs);
                    break;
                case "save":
                    BestMetric.Update(args, state, evaluatedAt == state.GlobalStep ? merged : null, $"<out>/checkpoint-{state.GlobalStep}");
                    handler.OnSave(args, state, control);
                    break;
                default: throw new InvalidOperationException($"the event {kind} is new");
            }
            Assert.That(Flags(control), Is.EqualTo(row[3].GetString()), $"after {row.GetRawText()}");
        }
    }

    private static string Flags(TrainerControl control)
        => (control.ShouldTrainingStop ? "T" : "") + (control.ShouldEpochStop ? "E" : "") + (control.ShouldSave ? "S" : "")
        + (control.ShouldEvaluate ? "V" : "") + (control.ShouldLog ? "L" : "");
}
