namespace NativeTrainer;

/// <summary>How many steps and epochs a training has, and after which batches it updates.</summary>
public sealed record StepPlan
{
    /// <summary>Batches in an epoch; for a stream without length as many as all steps need.</summary>
    public required long BatchesPerEpoch { get; init; }

    /// <summary>Updates in an epoch as Hugging Face plans them: whole accumulations, at least 1.</summary>
    public required long UpdatesPerEpoch { get; init; }

    /// <summary>Updates in all.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Epochs, the last one perhaps not finished; <see cref="long.MaxValue"/> for a stream without length.</summary>
    public required long NumTrainEpochs { get; init; }

    /// <summary>Rows that count for the speed in the metrics; a planned number, whole or not.</summary>
    public required double NumTrainSamples { get; init; }

    /// <summary>Batches to one update.</summary>
    public required int GradientAccumulationSteps { get; init; }

    /// <summary>Whether an epoch's last batches make an update, though they be fewer, as in Transformers 5; else they go into the next
    /// epoch's first.</summary>
    public bool UpdatesAtEpochEnd { get; init; }

    /// <summary>Plans a training.</summary>
    /// <param name="args">Epochs, steps, accumulation and the batch size.</param>
    /// <param name="batches">Batches in an epoch; null for a stream without length.</param>
    /// <param name="rows">Rows in an epoch; null for a stream without length.</param>
    /// <exception cref="InvalidArgumentException">The length is unknown and max_steps is not set.</exception>
    public static StepPlan Create(TrainingArguments args, long? batches, long? rows)
    {
        var accumulation = args.GradientAccumulationSteps;
        var plannedSamples = (double)args.MaxSteps * args.TrainBatchSize * accumulation * args.WorldSize;
        if (batches is not { } perEpoch)
        {
            if (args.MaxSteps <= 0) throw InvalidArgumentException.Value("max_steps", args.MaxSteps, "above 0 for data without length");
            return new StepPlan
            {
                BatchesPerEpoch = (long)args.MaxSteps * accumulation,
                UpdatesPerEpoch = args.MaxSteps,
                MaxSteps = args.MaxSteps,
                NumTrainEpochs = long.MaxValue,
                NumTrainSamples = plannedSamples,
                GradientAccumulationSteps = accumulation,
            };
        }
        var atEnd = args.AverageTokensAcrossDevices;
        var updates = Math.Max((perEpoch + (atEnd ? accumulation - 1 : 0)) / accumulation, 1);
        var hasSteps = args.MaxSteps > 0;
        return new StepPlan
        {
            BatchesPerEpoch = perEpoch,
            UpdatesPerEpoch = updates,
            MaxSteps = hasSteps ? args.MaxSteps : checked((int)Math.Ceiling(args.NumTrainEpochs * updates)),
            NumTrainEpochs = hasSteps ? (args.MaxSteps + updates - 1) / updates : (long)Math.Ceiling(args.NumTrainEpochs),
            NumTrainSamples = hasSteps ? plannedSamples : (rows ?? 0) * args.NumTrainEpochs,
            GradientAccumulationSteps = accumulation,
            UpdatesAtEpochEnd = atEnd,
        };
    }

    /// <summary>
    /// Whether an update follows a batch. Batches of the whole training are counted, so what is left over from an epoch goes into the next
    /// one's first update; an epoch of no more batches than the accumulation also updates at its end.
    /// </summary>
    /// <param name="batchesDone">Batches done in the whole training, this one included.</param>
    /// <param name="batchOfEpoch">The number of this batch in its epoch, from 1.</param>
    public bool UpdatesAfter(long batchesDone, long batchOfEpoch) => UpdatesAtEpochEnd
        ? batchOfEpoch % GradientAccumulationSteps == 0 || batchOfEpoch == BatchesPerEpoch
        : batchesDone % GradientAccumulationSteps == 0
            || (BatchesPerEpoch <= GradientAccumulationSteps && batchOfEpoch == BatchesPerEpoch);

    /// <summary>The epoch that the state shows after a batch: whole epochs and the share of this one.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batchOfEpoch">The number of the batch in it, from 1.</param>
    public double EpochAfter(long epoch, long batchOfEpoch) => epoch + (double)batchOfEpoch / BatchesPerEpoch;

    /// <summary>What an interval means in steps: below 1 a share of all steps, rounded up; else itself.</summary>
    public Number Interval(Number steps) => steps < 1 ? (long)Math.Ceiling(MaxSteps * steps) : steps;
}
