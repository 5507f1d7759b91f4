using NativeTrainer.Checkpoints;
using NativeTrainer.Data;

namespace NativeTrainer.Tests.Training;

/// <summary>
/// Runs of the real Trainer made again by ours: every event with step, epoch, flags, rows and loss of each batch, logs, folders after
/// saves, what was returned, and the state at the end.
/// </summary>
public sealed class EventReplayTests
{
    // A loss is rounded to four decimals in logs, so two that differ in the seventh digit may be 1e-4 apart there. Where all losses are
    // scripted, none may differ. A learning rate of 0.3 throws the loss up to 24 and makes any rounding grow tenfold a step: what counts
    // there is which one is the best.
    private static double Tolerance(string name) => name switch
    {
        "losses" or "losses-nan" or "losses-nan-filtered" => 0,
        "best-by-loss" => 3,
        _ => 1.001e-4,
    };

    private static readonly Dictionary<string, double[]> Scores = new()
    {
        ["best-limit-2"] = [0.5, 0.9, 0.9, 0.6, 0.8],
        ["best-limit-1"] = [0.5, 0.9, 0.7, 0.6, 0.8],
        ["best-limit-1-last-is-best"] = [0.5, 0.6, 0.7, 0.8, 0.9],
        ["best-limit-3"] = [0.9, 0.5, 0.6, 0.7, 0.8],
        ["best-smaller"] = [0.5, 0.9, 0.4, 0.4, 0.8],
        ["best-saved-less-often"] = [0.5, 0.6, 0.9, 0.7, 0.8],
        ["best-without-loading"] = [0.5, 0.9, 0.7, 0.6, 0.8],
        ["early-stopping-2"] = [0.5, 0.6, 0.6, 0.55, 0.9],
        ["early-stopping-1"] = [0.5, 0.4, 0.3, 0.2, 0.1],
        ["early-stopping-reset"] = [0.5, 0.4, 0.6, 0.5, 0.4],
        ["early-stopping-threshold"] = [0.5, 0.53, 0.56, 0.59, 0.62],
        ["early-stopping-saved-less-often"] = [0.9, 0.6, 0.7, 0.65, 0.8],
    };

    private static readonly Dictionary<string, double[]> ScriptedLosses = new()
    {
        ["losses"] = [1.0, 2.0, 4.0, 8.0, 16.0, 0.1, 0.2, 0.3, 0.12345, 0.12355],
        ["losses-nan-filtered"] = [1.0, double.NaN, 4.0, double.PositiveInfinity, double.NaN, 3.0, double.NaN, 5.0, 6.0, 7.0],
        ["losses-nan"] = [1.0, double.NaN, 4.0, 1.0, 2.0, 3.0, 1.0, 5.0, 6.0, 7.0],
        ["losses-accumulation"] = [2.0, 4.0, 6.0, 8.0, 10.0, 1.0, 3.0, 5.0, 7.0, 9.0],
    };

    private static readonly Dictionary<string, Func<TrainerCallback>> Callbacks = new()
    {
        ["early-stopping-2"] = () => new EarlyStoppingCallback(2),
        ["early-stopping-1"] = () => new EarlyStoppingCallback(1),
        ["early-stopping-reset"] = () => new EarlyStoppingCallback(2),
        ["early-stopping-threshold"] = () => new EarlyStoppingCallback(2, 0.05),
        ["early-stopping-saved-less-often"] = () => new EarlyStoppingCallback(2),
        ["flags"] = () => new FlagRaiser(new()
        {
            [("step_end", 2)] = "L", [("step_end", 3)] = "V", [("step_end", 4)] = "S",
            [("step_end", 6)] = "E", [("step_end", 8)] = "LVS", [("step_end", 9)] = "T",
        }),
        ["flags-early"] = () =>
            new FlagRaiser(new() { [("train_begin", 0)] = "TLVS", [("epoch_begin", 0)] = "ELVS", [("step_begin", 0)] = "L" }),
        ["flags-epoch-end"] = () => new FlagRaiser(new() { [("epoch_end", 5)] = "LV", [("epoch_end", 10)] = "L" }),
        ["flags-substep"] = () =>
            new FlagRaiser(new() { [("substep_end", 0)] = "L", [("substep_end", 1)] = "E", [("substep_end", 2)] = "V" }),
    };

    private static readonly Dictionary<string, (string Name, object? Value)[]> ChangedForResume = new()
    {
        ["resume-ignore-data-skip"] = [("ignore_data_skip", true)],
        ["resume-ignore-data-skip-second-epoch"] = [("ignore_data_skip", true)],
        ["resume-max-steps-passed"] = [("max_steps", 4L)],
        ["resume-max-steps-passed-in-epoch"] = [("max_steps", 2L)],
        ["resume-longer"] = [("num_train_epochs", 3L)],
        ["resume-other-steps"] = [("logging_steps", 2L), ("save_steps", 2L)],
        ["resume-other-batch"] = [("per_device_train_batch_size", 2L)],
    };

    public static IEnumerable<string> Recordings() => Directory.GetFiles(Golden.Path("callbacks"), "*.json")
        .Where(file => Golden.Json(file).TryGetProperty("state", out _))
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order();

    [TestCaseSource(nameof(Recordings))]
    public void A_run_goes_as_recorded(string name)
    {
        var golden = Golden.Map(Golden.Json($"callbacks/{name}.json"));
        using var folder = new TemporaryFolder();
        var output = folder["out"];
        var recorder = new EventRecorder(output);
        var scores = new Queue<double>(Scores.GetValueOrDefault(name, []));
        List<object?> returned = [];
        WatchedTrainer trainer = null!;
        OrderedDictionary<string, object?> state = [];

        if (name == "evaluate-train-evaluate-predict") CallsAroundATraining();
        else TrainAsRecorded();

        Compare(recorder.Rows, golden["events"], "events");
        Compare(returned, golden["returned"], "returned");
        Compare(state, golden["state"], "state");
        Compare(EventRecorder.Folders(output), golden["folders at the end"], "folders");

        void TrainAsRecorded()
        {
            var calls = ((IReadOnlyList<object?>)golden["events"]!).OfType<IReadOnlyDictionary<string, object?>>();
            foreach (var call in calls.Select(row => (string)row["call"]!))
            {
                if (returned.Count == 0) Make([]);
                else if (name != "train-twice") Make(ChangedForResume.GetValueOrDefault(name, []));
                if (name == "no-default-flow") trainer.Callbacks.RemoveCallback<DefaultFlowCallback>();
                recorder.Call(call);
                var checkpoint = call switch
                {
                    "train()" => null,
                    "train(resume_from_checkpoint=True)" => CheckpointFolder.Last(output),
                    _ => call.Split('\'')[1].Replace("<out>", output, StringComparison.Ordinal),
                };
                Train(checkpoint);
            }
        }

        void CallsAroundATraining()
        {
            Make([]);
            Record("evaluate()", () => trainer.Evaluate());
            recorder.Call("train()");
            Train(null);
            Record("evaluate()", () => trainer.Evaluate());
            Record("evaluate(metric_key_prefix='final')", () => trainer.Evaluate(metricKeyPrefix: "final"));
            Record("predict(rows 0 to 5 of lm-eval)", () => trainer.Predict(Tiny.Eval.Range(0, 6)).Metrics);
            var sets = new OrderedDictionary<string, IDataset> { ["x"] = Tiny.Eval.Range(0, 2), ["y"] = Tiny.Eval.Range(2, 2) };
            Record("evaluate({'x': …, 'y': …})", () => trainer.Evaluate(sets));
        }

        void Train(string? checkpoint)
        {
            Tiny.AsOfHuggingFace(checkpoint);
            var output = trainer.Train(checkpoint);
            returned.Add(new OrderedDictionary<string, object?>
            {
                ["global_step"] = (long)output.GlobalStep, ["training_loss"] = output.TrainingLoss, ["metrics"] = output.Metrics,
            });
            state = TrainerStateJson.ToPlain(trainer.State);
            state["log_history"] = trainer.State.LogHistory.ToList();
        }

        void Record(string call, Func<Metrics> action)
        {
            recorder.Call(call);
            returned.Add(action());
        }

        void Make((string, object?)[] changed)
        {
            var args = Tiny.Arguments(output, [.. Tiny.Given(Golden.Json($"callbacks/{name}.json").GetProperty("arguments")), .. changed]);
            OrderedDictionary<string, IDataset>? sets = name == "dict-of-sets"
                ? new() { ["a"] = Tiny.Eval.Range(0, 5), ["b"] = Tiny.Eval.Range(5, 3) }
                : null;
            List<TrainerCallback> callbacks = [recorder, new PrinterCallback(TextWriter.Null)];
            if (Callbacks.TryGetValue(name, out var make)) callbacks.Insert(0, make());
            var rows = Tiny.Train.Take((int)(long)golden["rows"]!);
            trainer = new WatchedTrainer(
                args, name.StartsWith("stream", StringComparison.Ordinal) ? Tiny.Endless(rows) : rows,
                sets is null ? Tiny.Eval.Take(10) : null, sets,
                ScriptedLosses.GetValueOrDefault(name),
                scores.Count > 0 ? _ => new Metrics { ["score"] = scores.Dequeue() } : null, callbacks);
            recorder.Trainer = trainer;
        }

        void Compare(object? ours, object? theirs, string what) =>
            Assert.That(Likeness.Difference(Portable(ours), theirs, Tolerance(name), what), Is.Null);

        object? Portable(object? value) => PythonValue.Normalize(value) switch
        {
            string text => text.Replace(output, "<out>", StringComparison.Ordinal),
            IReadOnlyDictionary<string, object?> map =>
                new OrderedDictionary<string, object?>(map.Select(entry => KeyValuePair.Create(entry.Key, Portable(entry.Value)))),
            IReadOnlyList<object?> list => list.Select(Portable).ToList(),
            var other => other,
        };
    }
}
