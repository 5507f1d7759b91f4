using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tasks;

/// <summary><c>token-classification</c>: a class for each word of a sentence (names, parts of speech), as run_ner.</summary>
/// <remarks>The first token of a word has the word's label, the others -100 (the label too with <c>label_all_tokens</c>).</remarks>
internal sealed class TokenClassificationTask(TaskContext context) : ITask
{
    private const string Labels = "labels";

    private readonly ClassNames _classes = new(context, "ForTokenClassification");

    /// <inheritdoc/>
    public TrainingData Read() => SplitFiles.Read(context, LearnLabels, Convert);

    /// <inheritdoc/>
    public TaskTools Prepare(PreTrainedModel model)
    {
        var names = MetricNames.Choose(context, "token classification", ["f1", "accuracy"], "f1", "accuracy");
        return new TaskTools(ComputeMetrics: output => Measure(output, names));
    }

    /// <inheritdoc/>
    public void WritePredictions(PredictionOutput output, string path)
    {
        var logits = output.Predictions[0];
        var (found, width) = (ClassIds.Of(logits), (int)logits.Size(1));
        var labels = output.LabelIds is [var first, ..] ? first.ToArray<long>() : null;
        PredictionsFile.WriteLogits(path, output, (json, row) =>
        {
            if (labels is null) return;
            json.WriteStartArray(Labels); // of the tokens that have a label: those of the words
            for (var i = row * width; i < (row + 1) * width; i++)
            {
                if (labels[i] != Accuracy.Ignored) json.WriteStringValue(_classes.Names[(int)found[i]]);
            }
            json.WriteEndArray();
        });
    }

    private string? LabelColumn(TaskFile file) =>
        file.FindColumn("label_column_name", context.Task.LabelColumnName, Labels, "ner_tags", "tags");

    private void LearnLabels(TaskFile file)
    {
        var column = file.Column("label_column_name", context.Task.LabelColumnName, Labels, "ner_tags", "tags");
        var labels = file.Labels(column);
        switch (file.Rows[0, column].Kind)
        {
            case FeatureKind.Texts:
                _classes.Learn(file, column, labels.SelectMany(row => row.Texts.ToArray()));
                break;
            case FeatureKind.Ints:
                _classes.Learn(labels.SelectMany(row => row.Ints.ToArray()).DefaultIfEmpty().Max() + 1L);
                break;
        }
    }

    private IDataset Convert(TaskFile file, Split split)
    {
        var column = LabelColumn(file);
        if (column is null && split != Split.Test) file.Column("label_column_name", null, Labels, "ner_tags", "tags");
        return file.IsTokenized ? Tokenized(file, column) : Words(file, column);
    }

    private IDataset Tokenized(TaskFile file, string? column)
    {
        var builder = new RowBuilder();
        for (var row = 0; row < file.Rows.Count; row++)
        {
            TokenInputs.Add(builder, file, row, context.Config);
            if (column is not null)
            {
                TokenInputs.AddChecked(
                    builder, file, row, column, file.Rows[row, "input_ids"].Length,
                    label => label == TokenInputs.Ignored || (label >= 0 && label < _classes.Count),
                    $"-100 or a label from 0 to {_classes.Count - 1} (num_labels {_classes.Count})", Labels);
            }
            builder.EndRow();
        }
        return builder.Build();
    }

    private IDataset Words(TaskFile file, string? column)
    {
        var tokenizer = context.TokenizerFor(file.Argument, file.FirstFile);
        var words = file.Column("text_column_name", context.Task.TextColumnName, "tokens", "words");
        var inputs = new EncodingInput[file.Rows.Count];
        for (var row = 0; row < inputs.Length; row++)
        {
            var value = file.Rows[row, words];
            if (value.Kind != FeatureKind.Texts) throw file.Wrong(row, $"has {TaskFile.Spell(value)} in {words}, expected a list of words");
            if (value.Length == 0) throw file.Wrong(row, $"has no words in {words}, expected one or more");
            inputs[row] = EncodingInput.Words(value.Texts.ToArray());
        }
        var encodings = tokenizer.EncodeBatch(inputs, new EncodingOptions
        {
            Truncation = TruncationStrategy.LongestFirst,
            MaxLength = TokenInputs.MaxLength("max_seq_length", context.Task.MaxSeqLength, tokenizer, context.Config),
        });
        var builder = new RowBuilder();
        for (var row = 0; row < inputs.Length; row++)
        {
            TokenInputs.Add(builder, encodings[row], context.Config);
            if (column is not null) builder.Add(Labels, TokenLabels(file, row, column, encodings[row].WordIds, inputs[row].First.Count));
            builder.EndRow();
        }
        return builder.Build();
    }

    private int[] TokenLabels(TaskFile file, int row, string column, IReadOnlyList<int?> wordIds, int words)
    {
        var labels = file.Rows[row, column];
        if (!labels.IsList || labels.Length != words)
        {
            var found = labels.IsList ? $"{labels.Length} labels" : TaskFile.Spell(labels);
            throw file.Wrong(row, $"has {found} in {column}, expected a list of {words}, one for each word");
        }
        var ids = new int[words];
        for (var word = 0; word < words; word++)
        {
            ids[word] = (int)(labels.Kind switch
            {
                FeatureKind.Texts => _classes.IdOf(file, row, column, labels.Texts[word]),
                FeatureKind.Ints => _classes.IdOf(file, row, column, labels.Ints[word]),
                _ => throw file.Wrong(row, $"has {TaskFile.Spell(labels)} in {column}, expected classes: whole numbers or texts"),
            });
        }
        var result = new int[wordIds.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var isLabelled = wordIds[i] is not null && (context.Task.LabelAllTokens || i == 0 || wordIds[i] != wordIds[i - 1]);
            result[i] = isLabelled ? ids[wordIds[i]!.Value] : TokenInputs.Ignored;
        }
        return result;
    }

    private Metrics Measure(EvalPrediction output, IReadOnlySet<string> names)
    {
        var (found, right) = (ClassIds.Of(output.Predictions), output.LabelIds.ToArray<long>());
        var metrics = new Metrics();
        if (names.Contains("f1"))
        {
            var width = (int)output.LabelIds.Size(1);
            var score = EntityScore.Of(Tags(found, right, width), Tags(right, right, width));
            (metrics["precision"], metrics["recall"], metrics["f1"]) = (score.Precision, score.Recall, score.F1);
        }
        if (names.Contains("accuracy")) metrics["accuracy"] = Accuracy.Of(found, right);
        return metrics;
    }

    private List<IReadOnlyList<string>> Tags(long[] ids, long[] labels, int width)
    {
        var rows = new List<IReadOnlyList<string>>();
        for (var start = 0; start < ids.Length; start += width)
        {
            rows.Add([.. Enumerable.Range(start, width).Where(i => labels[i] != Accuracy.Ignored).Select(i => _classes.Names[(int)ids[i]])]);
        }
        return rows;
    }
}
