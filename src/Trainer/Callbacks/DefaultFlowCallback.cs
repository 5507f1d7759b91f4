namespace NativeTrainer;

/// <summary>Asks for logs, evaluations, checkpoints and the end when the arguments say so.</summary>
public class DefaultFlowCallback : TrainerCallback
{
    /// <inheritdoc/>
    public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        var step = state.GlobalStep;
        if (step == 1 && args.LoggingFirstStep) control.ShouldLog = true;
        if (IsDue(args.LoggingStrategy, step, state.LoggingSteps)) control.ShouldLog = true;
        if (IsDue(args.EvaluationStrategy, step, state.EvalSteps) && !IsTooEarly(args, step)) control.ShouldEvaluate = true;
        if (IsDue(args.SaveStrategy, step, state.SaveSteps) && state.SaveSteps > 0) control.ShouldSave = true;
        if (step >= state.MaxSteps) control.ShouldTrainingStop = true;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (args.LoggingStrategy == IntervalStrategy.Epoch) control.ShouldLog = true;
        if (args.EvaluationStrategy == IntervalStrategy.Epoch && !IsTooEarly(args, state.Epoch ?? 0)) control.ShouldEvaluate = true;
        if (args.SaveStrategy == IntervalStrategy.Epoch) control.ShouldSave = true;
    }

    private static bool IsDue(IntervalStrategy strategy, int step, double interval)
        => strategy == IntervalStrategy.Steps && step % interval == 0;

    private static bool IsTooEarly(TrainingArguments args, double stepOrEpoch) => args.EvalDelay is { } delay && delay > stepOrEpoch;
}
