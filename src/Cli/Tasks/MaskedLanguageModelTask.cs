using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tasks;

/// <summary><c>masked-lm</c>: guess tokens that are hidden, other ones each time, as run_mlm; of text that is joined and cut into blocks, of
/// lines, or of rows of token ids. Rows that have labels keep them.</summary>
internal sealed class MaskedLanguageModelTask(TaskContext context) : ITask
{
    private bool _masks;

    /// <inheritdoc/>
    public TrainingData Read()
    {
        var files = DataFiles.Find(context.Data.TrainFile!, "train_file");
        var isText = DataFiles.IsText(files[0]) || !DatasetFiles.Columns(files[0]).Contains("input_ids");
        _masks = true;
        if (!isText) return SplitFiles.Read(context, file => _masks = !file.Columns.Contains("labels"), Rows);
        var tokenizer = context.TokenizerFor("train_file", files[0]);
        var longest = TokenInputs.MaxLength("max_seq_length", context.Task.MaxSeqLength, tokenizer, context.Config);
        var data = context.Task.LineByLine ? Lines(tokenizer, longest) : TextBlocks.Read(context, Math.Min(longest ?? 1024, 1024));
        return new(WithoutLabels(data.Train)!, WithoutLabels(data.Validation), WithoutLabels(data.Test));
    }

    /// <inheritdoc/>
    public TaskTools Prepare(PreTrainedModel model)
    {
        var tools = LanguageModelMetrics.Tools(context, shifts: false);
        if (!_masks) return tools;
        var tokenizer = context.Tokenizer ?? throw new InvalidArgumentException(
            "tokenizer_name", "is missing, expected a tokenizer with a mask_token: the rows have no labels, so tokens are masked");
        if (CollatorTokens.Of(tokenizer).MaskTokenId is null)
            throw new InvalidArgumentException("tokenizer_name", "has no mask_token, expected one: tokens are hidden behind it");
        return tools with { Collator = new DataCollatorForLanguageModeling(tokenizer, mlm: true, context.Task.MlmProbability.Value) };
    }

    /// <inheritdoc/>
    public void AddMetrics(Metrics metrics) => LanguageModelMetrics.AddPerplexity(metrics);

    /// <inheritdoc/>
    public void WritePredictions(PredictionOutput output, string path) => PredictionsFile.WriteLogits(path, output);

    private IDataset Rows(TaskFile file, Split split)
    {
        if (file.Columns.Contains("labels") == _masks)
        {
            throw new InvalidDataException(
                $"{file.Argument}: {file.FirstFile} has {(_masks ? "" : "no ")}labels and the train_file has {(_masks ? "none" : "some")}, "
                + "expected all files alike");
        }
        var builder = new RowBuilder();
        for (var row = 0; row < file.Rows.Count; row++)
        {
            TokenInputs.Add(builder, file, row, context.Config);
            if (!_masks)
            {
                TokenInputs.AddChecked(
                    builder, file, row, "labels", file.Rows[row, "input_ids"].Length,
                    id => id == TokenInputs.Ignored || (id >= 0 && id < context.Config.VocabSize),
                    "-100 or " + TokenInputs.IdsExpected(context.Config));
            }
            builder.EndRow();
        }
        return builder.Build();
    }

    private TrainingData Lines(ITokenizer tokenizer, int? longest)
    {
        var data = context.Data;
        if (data.ValidationSplitPercentage is not null)
            throw new InvalidArgumentException("line_by_line", "is true, expected a validation_file instead of validation_split_percentage");
        return new(
            LinesOf("train_file", data.TrainFile!).Take(data.MaxTrainSamples),
            data.ValidationFile is { Count: > 0 } files ? LinesOf("validation_file", files).Take(data.MaxEvalSamples) : null,
            data.TestFile is { Count: > 0 } tests ? LinesOf("test_file", tests).Take(data.MaxPredictSamples) : null);

        IDataset LinesOf(string argument, IReadOnlyList<string> patterns)
        {
            var rows = TaskFile.Read(context, argument, patterns).Rows;
            var texts = Enumerable.Range(0, rows.Count).Select(row => rows[row, "text"].Text)
                .Where(line => !string.IsNullOrWhiteSpace(line)).ToList();
            var encodings = tokenizer.EncodeBatch(
                [.. texts.Select(text => (EncodingInput)text)],
                new EncodingOptions { Truncation = TruncationStrategy.LongestFirst, MaxLength = longest });
            var builder = new RowBuilder();
            for (var row = 0; row < texts.Count; row++)
            {
                TokenInputs.Add(builder, encodings[row], context.Config);
                builder.EndRow();
            }
            return builder.Build();
        }
    }

    private static IDataset? WithoutLabels(IDataset? rows) => rows is null ? null : new ColumnSelection(rows, column => column != "labels");
}
