using NativeTrainer.Data;

namespace NativeTrainer.Cli.Tasks;

/// <summary>The rows of a language model: text in blocks, or token ids as they are.</summary>
internal static class TextBlocks
{
    /// <summary>Reads the files; every row is checked against the model's configuration.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="blockSize">Tokens of a block; null: as the tokenizer and the model say.</param>
    public static TrainingData Read(TaskContext context, int? blockSize)
    {
        var (args, config, tokenizer) = (context.Data, context.Config, context.Tokenizer);
        var options = new TextDatasetOptions
        {
            Tokenizer = tokenizer,
            BlockSize = blockSize,
            VocabSize = config.VocabSize,
            MaxPositions = config.MaxPositions,
            KeepLinebreaks = args.KeepLinebreaks,
            Packing = args.Packing,
            Cache = args.DataCacheDir == "none" ? null
                : new DatasetCache(args.DataCacheDir) { Overwrites = args.OverwriteCache, Warn = CommandLine.Warn },
        };
        if (blockSize is { } asked) // also where the rows are tokenized already, so that the flag is not passed over in silence
        {
            var size = TextDataset.BlockSize(asked, tokenizer?.ModelMaxLength, config.MaxPositions);
            if (size < asked) CommandLine.Warn($"block_size is {asked}, more than the tokenizer's model_max_length: {size} is used");
        }
        if (args.Streaming) return Stream(context, options);
        var (train, validation) = args.ValidationSplitPercentage is { } percentage
            ? TextDataset.LoadSplit("train_file", args.TrainFile!, options, percentage)
            : (TextDataset.Load("train_file", args.TrainFile!, options), Load("validation_file", args.ValidationFile));
        var test = Load("test_file", args.TestFile);
        return new(train.Take(args.MaxTrainSamples), validation?.Take(args.MaxEvalSamples), test?.Take(args.MaxPredictSamples));

        IDataset? Load(string argument, IReadOnlyList<string>? files) => files is null or [] ? null
            : TextDataset.Load(argument, files, options);
    }

    private static TrainingData Stream(TaskContext context, TextDatasetOptions options)
    {
        const int DefaultBuffer = 10_000;
        var args = context.Data;
        if (context.Training.MaxSteps <= 0)
        {
            throw new InvalidArgumentException(
                "streaming", "is true, expected max_steps above 0 too: how many rows a stream has is not known before it ends");
        }
        var train = TextDataset.Stream("train_file", args.TrainFile!, options);
        if ((args.ShuffleBufferSize ?? DefaultBuffer) is > 0 and var buffer)
            train = train.Shuffle(context.Training.DataSeed ?? context.Training.Seed, buffer);
        return new(
            train.Take(args.MaxTrainSamples), Load("validation_file", args.ValidationFile)?.Take(args.MaxEvalSamples),
            Load("test_file", args.TestFile)?.Take(args.MaxPredictSamples));

        IDataset? Load(string argument, IReadOnlyList<string>? files) => files is null or [] ? null
            : TextDataset.Stream(argument, files, options);
    }
}
