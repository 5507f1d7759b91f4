using NativeTrainer.Checkpoints;

namespace NativeTrainer.Tests.Training;

/// <summary>Writes events down as the recordings have them: [event, step, epoch, flags, more].</summary>
internal sealed class EventRecorder(string outputDir) : TrainerCallback
{
    public List<object?> Rows { get; } = [];

    /// <summary>The trainer whose batches are told at the ends of steps.</summary>
    public WatchedTrainer? Trainer { get; set; }

    public void Call(string text) => Rows.Add(new OrderedDictionary<string, object?> { ["call"] = text });

    /// <summary>The checkpoints that there are, and those that are being written.</summary>
    public static List<object?> Folders(string outputDir) => Directory.Exists(outputDir)
        ? [.. Directory.GetDirectories(outputDir, "*checkpoint-*").Select(Path.GetFileName)
            .OrderBy(name => int.Parse(name!.Split('-')[^1], null))]
        : [];

    public override void OnInitEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("init_end", state, control);

    public override void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("train_begin", state, control);

    public override void OnTrainEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("train_end", state, control);

    public override void OnEpochBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("epoch_begin", state, control);

    public override void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("epoch_end", state, control);

    public override void OnStepBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("step_begin", state, control);

    public override void OnSubstepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("substep_end", state, control, Batch());

    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("step_end", state, control, Batch());

    public override void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("evaluate", state, control, ("metrics", context.Metrics!.Keys.ToList()));

    public override void OnPredict(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("predict", state, control, ("metrics", context.Metrics!.Keys.ToList()));

    public override void OnSave(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("save", state, control, ("folders", Folders(outputDir)));

    public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("log", state, control, ("logs", new Metrics(context.Logs!)));

    public override void OnPredictionStep(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        Add("prediction_step", state, control);

    private (string, object?)[] Batch() => [("rows", Trainer!.Rows[^1].ToList()), ("loss", Trainer.Losses[^1])];

    private void Add(string name, TrainerState state, TrainerControl control, params (string Name, object? Value)[] more)
    {
        List<object?> row = [name, (long)state.GlobalStep, state.Epoch?.ToPlain(), Flags(control)];
        var named = more.Select(entry => KeyValuePair.Create(entry.Name, entry.Value));
        if (more.Length > 0) row.Add(new OrderedDictionary<string, object?>(named));
        Rows.Add(row);
    }

    private static string Flags(TrainerControl control) =>
        (control.ShouldTrainingStop ? "T" : "") + (control.ShouldEpochStop ? "E" : "") + (control.ShouldSave ? "S" : "")
        + (control.ShouldEvaluate ? "V" : "") + (control.ShouldLog ? "L" : "");
}
