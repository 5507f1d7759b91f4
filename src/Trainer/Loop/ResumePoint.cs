namespace NativeTrainer.Loop;

/// <summary>Where a resumed training goes on.</summary>
/// <param name="Checkpoint">The folder; null for a training that starts.</param>
/// <param name="Epochs">Whole epochs that are behind.</param>
/// <param name="Batches">Batches of the next epoch that are behind.</param>
public sealed record ResumePoint(string? Checkpoint, long Epochs, int Batches)
{
    /// <summary>The beginning.</summary>
    public static ResumePoint Start { get; } = new(null, 0, 0);

    /// <summary>The place of a checkpoint; with <c>ignore_data_skip</c> the beginning of its epoch.</summary>
    public static ResumePoint At(string checkpoint, int globalStep, StepPlan plan, TrainingArguments args) => new(
        checkpoint,
        globalStep / plan.UpdatesPerEpoch,
        args.IgnoreDataSkip ? 0 : (int)(globalStep % plan.UpdatesPerEpoch) * args.GradientAccumulationSteps);
}
