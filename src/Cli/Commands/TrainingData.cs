using NativeTrainer.Cli.Arguments;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Commands;

/// <summary>The rows that a training is given.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To evaluate on; null for none.</param>
/// <param name="Test">To predict; null for none.</param>
internal sealed record TrainingData(IDataset Train, IDataset? Validation, IDataset? Test)
{
    /// <summary>Reads the files; every row is checked against the model's configuration.</summary>
    public static TrainingData Read(DataArguments args, PretrainedConfig config, ITokenizer? tokenizer)
    {
        var options = new TextDatasetOptions
        {
            Tokenizer = tokenizer,
            BlockSize = args.BlockSize,
            VocabSize = config.VocabSize,
            MaxPositions = config.MaxPositions,
            KeepLinebreaks = args.KeepLinebreaks,
        };
        CheckBlockSize(args, config, tokenizer);
        var (train, validation) = args.ValidationSplitPercentage is { } percentage
            ? TextDataset.LoadSplit("train_file", args.TrainFile!, options, percentage)
            : (TextDataset.Load("train_file", args.TrainFile!, options), Load("validation_file", args.ValidationFile));
        var test = Load("test_file", args.TestFile);
        return new(train.Take(args.MaxTrainSamples), validation?.Take(args.MaxEvalSamples), test?.Take(args.MaxPredictSamples));

        IDataset? Load(string argument, IReadOnlyList<string>? files) => files is null or [] ? null
            : TextDataset.Load(argument, files, options);
    }

    // Also where the rows are tokenized already, so that the flag is not passed over in silence.
    private static void CheckBlockSize(DataArguments args, PretrainedConfig config, ITokenizer? tokenizer)
    {
        if (args.BlockSize is not { } asked) return;
        var size = TextDataset.BlockSize(asked, tokenizer?.ModelMaxLength, config.MaxPositions);
        if (size < asked) CommandLine.Warn($"block_size is {asked}, more than the tokenizer's model_max_length: {size} is used");
    }
}
