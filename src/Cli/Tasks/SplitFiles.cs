using NativeTrainer.Data;

namespace NativeTrainer.Cli.Tasks;

/// <summary>The three file arguments of tasks whose rows have columns, and the rows that are used of each.</summary>
internal static class SplitFiles
{
    /// <summary>Makes inputs of all three.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="begin">Is shown the training files first.</param>
    /// <param name="convert">Makes the rows of some files.</param>
    public static TrainingData Read(TaskContext context, Action<TaskFile> begin, Func<TaskFile, Split, IDataset> convert)
    {
        var args = context.Data;
        var train = TaskFile.Read(context, "train_file", args.TrainFile!);
        begin(train);
        var rows = convert(train, Split.Train);
        IDataset? validation = null;
        if (args.ValidationSplitPercentage is { } percentage)
        {
            (validation, var others) = rows.Split(percentage);
            if (validation.Count == 0 || others.Count == 0)
            {
                throw new InvalidDataException(
                    $"train_file: validation_split_percentage {percentage} cuts {rows.Count} rows into {validation.Count} and "
                    + $"{others.Count}");
            }
            rows = others;
        }
        if (args.ValidationFile is { Count: > 0 } files)
        {
            validation = convert(TaskFile.Read(context, "validation_file", files), Split.Validation);
        }
        var test = args.TestFile is { Count: > 0 } tests ? convert(TaskFile.Read(context, "test_file", tests), Split.Test) : null;
        return new(rows.Take(args.MaxTrainSamples), validation?.Take(args.MaxEvalSamples), test?.Take(args.MaxPredictSamples));
    }
}

/// <summary>What rows are for.</summary>
internal enum Split
{
    /// <summary>To learn from.</summary>
    Train,

    /// <summary>To evaluate on.</summary>
    Validation,

    /// <summary>To predict; they may have no labels.</summary>
    Test,
}
