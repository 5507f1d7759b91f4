using Spectre.Console;

namespace NativeTrainer.Cli.Terminal;

/// <summary>Moves the progress bars of a training and of the evaluations within it.</summary>
/// <param name="console">The terminal, for lines above the bars.</param>
internal sealed class TerminalProgress(IAnsiConsole console) : TrainerCallback
{
    private ProgressTask? _training;
    private ProgressTask? _evaluation;

    /// <summary>The bars that are on the screen now; null for none.</summary>
    public ProgressContext? Context { get; set; }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        _training = Context?.AddTask("training", maxValue: state.MaxSteps);
        if (_training is not null) _training.Value = state.GlobalStep;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (_training is not null) _training.Value = state.GlobalStep;
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        _training?.StopTask();
        _training = null;
    }

    /// <inheritdoc/>
    /// <remarks>As in Hugging Face, total_flos is taken out of the logs, and so out of the metrics that training returns.</remarks>
    public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (context.Logs is not { } logs) return;
        logs.Remove("total_flos");
        if (_training is null) return;
        if (logs.TryGetValue("loss", out var loss)) _training.Description = $"loss {loss}";
        if (logs.TryGetValue("eval_loss", out var eval)) console.MarkupLineInterpolated(
            $"step {state.GlobalStep}: eval_loss [bold]{eval.Value:F4}[/]");
    }

    /// <inheritdoc/>
    public override void OnPredictionStep(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        _evaluation ??= Context?.AddTask("evaluating", maxValue: context.EvalDataloader!.Count);
        _evaluation?.Increment(1);
    }

    /// <inheritdoc/>
    public override void OnEvaluate(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        EndEvaluation();

    /// <inheritdoc/>
    public override void OnPredict(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
        EndEvaluation();

    private void EndEvaluation()
    {
        if (_evaluation is not null) Context?.RemoveTask(_evaluation);
        _evaluation = null;
    }
}
