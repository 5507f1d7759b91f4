using System.Text.Json;

namespace NativeTrainer.Tests.Callbacks;

public sealed class CallbackHandlerTests
{
    private readonly TrainingArguments _args = new("out");
    private readonly TrainerState _state = new();
    private readonly TrainerControl _control = new();

    public static IEnumerable<TestCaseData> Cases() => Golden.Rows("callbacks/handlers.json", "add, pop, remove")
            .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("what").GetString()!));

    [TestCaseSource(nameof(Cases))]
    public void Callbacks_come_and_go_as_in_Hugging_Face(JsonElement row)
    {
        var log = new Log();
        var handler = new CallbackHandler(row.GetProperty("before").EnumerateArray().Select(Create), new CallbackContext(), log);
        log.Lines.Clear();
        TrainerCallback? returned = null;
        Action act = row.GetProperty("what").GetString() switch
        {
            "add a class: it is instantiated" => handler.AddCallback<A>,
            "add an instance" or "add a second of a class: warned, kept" => () => handler.AddCallback(new A()),
            "add a subclass of one that is there: not even warned" => () => handler.AddCallback(new B()),
            "pop a class: the first that is an instance, subclasses included" => () => returned = handler.PopCallback<A>(),
            "pop a class that is not there" => () => returned = handler.PopCallback<B>(),
            "pop an instance" => () => returned = handler.PopCallback(handler.Callbacks.First(c => c.GetType() == typeof(A))),
            "pop an instance that is not there" or "pop another instance of the same class (compared with ==)"
                => () => returned = handler.PopCallback(new A()),
            "remove a class: the first that is an instance, subclasses included" or "remove a class that is there twice: one goes"
                => handler.RemoveCallback<A>,
            "remove a class that is not there: nothing happens" => handler.RemoveCallback<B>,
            "remove an instance" => () => handler.RemoveCallback(handler.Callbacks.First(c => c.GetType() == typeof(A))),
            "remove an instance that is not there" => () => handler.RemoveCallback(new A()),
            "remove the default flow" => handler.RemoveCallback<DefaultFlowCallback>,
            var other => throw new InvalidOperationException($"the case '{other}' is new"),
        };
        Assert.That(act, row.TryGetProperty("raises", out _) ? Throws.ArgumentException : Throws.Nothing);
        Assert.That(handler.CallbackList.Split('\n'), Is.EqualTo(row.GetProperty("after").EnumerateArray().Select(n => n.GetString())));
        if (row.TryGetProperty("returns", out var name)) Assert.That(returned?.GetType().Name, Is.EqualTo(name.GetString()));
        Assert.That(log.Lines, Has.Count.EqualTo(row.GetProperty("what").GetString()!.Contains("warned, kept") ? 1 : 0));
    }

    [Test]
    public void A_missing_default_flow_is_warned_of()
    {
        var log = new Log();
        _ = new CallbackHandler([new A()], new CallbackContext(), log);
        Assert.That(log.Lines.Single(), Does.Contain("DefaultFlowCallback"));
    }

    [Test]
    public void Flags_are_lowered_before_the_handlers_run()
    {
        var golden = Golden.Json("callbacks/handlers.json").GetProperty("flags that the trainer itself lowers");
        Check("train_begin", "before train_begin's handlers", h => h.OnTrainBegin(_args, _state, _control));
        Check("epoch_begin", "before epoch_begin's", h => h.OnEpochBegin(_args, _state, _control));
        Check("step_begin", "before step_begin's", h => h.OnStepBegin(_args, _state, _control));
        Check("log", "before log's", h => h.OnLog(_args, _state, _control, []));
        Check("evaluate", "before evaluate's", h => h.OnEvaluate(_args, _state, _control, []));
        Check("save", "before save's", h => h.OnSave(_args, _state, _control));

        void Check(string what, string key, Action<CallbackHandler> call)
        {
            _control.ShouldTrainingStop = _control.ShouldEpochStop = true;
            _control.ShouldSave = _control.ShouldEvaluate = _control.ShouldLog = true;
            var recorder = new Recorder();
            call(new CallbackHandler([recorder], new CallbackContext()));
            var lowered = golden.GetProperty(key).EnumerateArray().Select(f => f.GetString()!);
            Assert.That(recorder.Rows.Single(), Is.EqualTo($"{what} {string.Join(' ', Recorder.Down(lowered))}"));
        }
    }

    [Test]
    public void Every_event_reaches_every_callback_in_order()
    {
        var (first, second) = (new Recorder(), new Recorder());
        var handler = new CallbackHandler([first, second], new CallbackContext());
        handler.OnInitEnd(_args, _state, _control);
        handler.OnTrainBegin(_args, _state, _control);
        handler.OnEpochBegin(_args, _state, _control);
        handler.OnStepBegin(_args, _state, _control);
        handler.OnSubstepEnd(_args, _state, _control);
        handler.OnStepEnd(_args, _state, _control);
        handler.OnPredictionStep(_args, _state, _control);
        handler.OnEvaluate(_args, _state, _control, new Metrics { ["eval_loss"] = 1 });
        handler.OnPredict(_args, _state, _control, new Metrics { ["test_loss"] = 1 });
        handler.OnLog(_args, _state, _control, new Metrics { ["loss"] = 1 });
        handler.OnSave(_args, _state, _control);
        handler.OnEpochEnd(_args, _state, _control);
        handler.OnTrainEnd(_args, _state, _control);
        string[] events =
        [
            "init_end", "train_begin", "epoch_begin", "step_begin", "substep_end", "step_end", "prediction_step", "evaluate", "predict",
            "log", "save", "epoch_end", "train_end",
        ];
        Assert.That(first.Rows.Select(r => r.Split(' ')[0]), Is.EqualTo(events));
        Assert.That(second.Rows, Is.EqualTo(first.Rows));
        Assert.That(first.Seen, Is.EqualTo(new[] { "{'eval_loss': 1}", "{'test_loss': 1}", "{'loss': 1}" }));
    }

    private static TrainerCallback Create(JsonElement name) => name.GetString() switch
    {
        "A" => new A(),
        "B" => new B(),
        _ => new DefaultFlowCallback(),
    };

    private class A : TrainerCallback;

    private sealed class B : A;

    private sealed class Recorder : TrainerCallback
    {
        private static readonly string[] Flags =
            ["should_training_stop", "should_epoch_stop", "should_save", "should_evaluate", "should_log"];

        public List<string> Rows { get; } = [];

        public List<string> Seen { get; } = [];

        public static IEnumerable<string> Down(IEnumerable<string> names) => Flags.Where(names.Contains);

        public override void OnInitEnd(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("init_end", c, x);

        public override void OnTrainBegin(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("train_begin", c, x);

        public override void OnTrainEnd(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("train_end", c, x);

        public override void OnEpochBegin(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("epoch_begin", c, x);

        public override void OnEpochEnd(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("epoch_end", c, x);

        public override void OnStepBegin(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("step_begin", c, x);

        public override void OnSubstepEnd(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("substep_end", c, x);

        public override void OnStepEnd(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("step_end", c, x);

        public override void OnEvaluate(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("evaluate", c, x);

        public override void OnPredict(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x) => Record("predict", c, x);

        public override void OnSave(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x) => Record("save", c, x);

        public override void OnLog(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x) => Record("log", c, x);

        public override void OnPredictionStep(TrainingArguments a, TrainerState s, TrainerControl c, CallbackContext x)
            => Record("prediction_step", c, x);

        private void Record(string what, TrainerControl control, CallbackContext context)
        {
            bool[] up =
                [control.ShouldTrainingStop, control.ShouldEpochStop, control.ShouldSave, control.ShouldEvaluate, control.ShouldLog];
            Rows.Add($"{what} {string.Join(' ', Flags.Where((_, i) => !up[i]))}");
            if ((context.Metrics ?? context.Logs) is { } metrics) Seen.Add(metrics.ToString());
        }
    }
}
