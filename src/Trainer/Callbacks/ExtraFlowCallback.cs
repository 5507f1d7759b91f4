namespace NativeTrainer;

/// <summary>Does what <c>max_train_minutes</c>, <c>save_on_end</c>, <c>eval_on_end</c> and <c>log_jsonl</c> ask for.</summary>
internal sealed class ExtraFlowCallback(TimeProvider time) : TrainerCallback
{
    private long _start;
    private int _saved, _evaluated;

    /// <summary>Whether any of them is asked for.</summary>
    public static bool IsWanted(TrainingArguments args) =>
        args.MaxTrainMinutes is not null || args.SaveOnEnd || args.EvalOnEnd || args.LogJsonl is not null;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        (_start, _saved, _evaluated) = (time.GetTimestamp(), -1, -1);

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (args.MaxTrainMinutes is { } minutes && time.GetElapsedTime(_start).TotalMinutes >= minutes) control.ShouldTrainingStop = true;
        AtTheEnd(args, state, control);
    }

    /// <summary>Training may end here too: by a flag that a callback has raised after an evaluation, or where an epoch's last batches make no
    /// update.</summary>
    public override void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        AtTheEnd(args, state, control);

    /// <inheritdoc/>
    public override void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        _evaluated = state.GlobalStep;

    /// <inheritdoc/>
    public override void OnSave(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        _saved = state.GlobalStep;

    /// <inheritdoc/>
    public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (args.LogJsonl is not { } path || !state.IsWorldProcessZero) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var line = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in context.Logs!) line[name] = value;
        line["step"] = (long)state.GlobalStep;
        File.AppendAllText(path, PythonJson.Write(line) + "\n");
    }

    private void AtTheEnd(TrainingArguments args, TrainerState state, TrainerControl control)
    {
        var isEnd = control.ShouldTrainingStop || state.GlobalStep >= state.MaxSteps || state.Epoch >= state.NumTrainEpochs;
        if (!isEnd) return;
        if (args.EvalOnEnd && _evaluated != state.GlobalStep) control.ShouldEvaluate = true;
        if (args.SaveOnEnd && _saved != state.GlobalStep) control.ShouldSave = true;
    }
}
