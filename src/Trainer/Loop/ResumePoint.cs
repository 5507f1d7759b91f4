using NativeTrainer.Checkpoints;

namespace NativeTrainer.Loop;

/// <summary>Where a resumed training goes on.</summary>
/// <param name="Checkpoint">The folder; null for a training that starts.</param>
/// <param name="Epochs">Whole epochs that are behind.</param>
/// <param name="Batches">Batches of the next epoch that are behind.</param>
internal sealed record ResumePoint(string? Checkpoint, long Epochs, int Batches)
{
    /// <summary>The beginning.</summary>
    public static ResumePoint Start { get; } = new(null, 0, 0);

    /// <summary>What makes the training go on to the bit; null where it goes on as Hugging Face does.</summary>
    public ExactState? Exact { get; private init; }

    /// <summary>Whether all steps are done; what is due at the end of the epoch may be missing.</summary>
    public bool IsFinished { get; private init; }

    /// <summary>The place of a checkpoint; with <c>ignore_data_skip</c> the beginning of its epoch.</summary>
    public static ResumePoint At(string checkpoint, int globalStep, StepPlan plan, BatchShape shape, bool ignoreDataSkip)
    {
        if (!ignoreDataSkip && ExactState.Load(checkpoint) is { } exact && exact.Shape == shape)
        {
            var position = exact.Position;
            if (globalStep >= plan.MaxSteps)
            {
                var epochs = position.EpochHasEnded ? plan.NumTrainEpochs : position.Epoch;
                return new(checkpoint, epochs, (int)plan.BatchesPerEpoch) { Exact = exact, IsFinished = true };
            }
            var (epoch, batches) = position.EpochIsOver ? (position.Epoch + 1, 0) : (position.Epoch, (int)position.BatchesOfEpoch);
            return new(checkpoint, epoch, batches) { Exact = exact };
        }
        return new(
            checkpoint,
            globalStep / plan.UpdatesPerEpoch,
            ignoreDataSkip ? 0 : (int)(globalStep % plan.UpdatesPerEpoch) * plan.GradientAccumulationSteps);
    }
}
