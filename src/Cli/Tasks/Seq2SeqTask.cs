using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Tasks;

/// <summary><c>seq2seq</c>: write a text for another (summaries, translations), as run_summarization and run_translation.</summary>
internal sealed class Seq2SeqTask(TaskContext context) : ITask
{
    private const int DefaultSource = 1024, DefaultTarget = 128;
    private const string Labels = "labels";

    private bool _isText;

    /// <inheritdoc/>
    public TrainingData Read() => SplitFiles.Read(
        context, file => _isText = !file.IsTokenized, (file, split) => file.IsTokenized ? Tokenized(file, split) : Texts(file, split));

    /// <inheritdoc/>
    public TaskTools Prepare(PreTrainedModel model)
    {
        var seq2Seq = model as ISeq2SeqLanguageModel ?? throw new InvalidArgumentException(
            "task", $"is seq2seq, expected a model with an encoder and a decoder, not {model.Architecture}");
        var tokens = (context.Tokenizer is { } tokenizer ? CollatorTokens.Of(tokenizer) : new()) with { PadTokenId = PaddingId };
        return new TaskTools(new DataCollatorForSeq2Seq(tokens, seq2Seq.PrepareDecoderInputIdsFromLabels), Metrics());
    }

    /// <inheritdoc/>
    public void WritePredictions(PredictionOutput output, string path)
    {
        if (!context.Training.PredictWithGenerate)
        {
            PredictionsFile.WriteLogits(path, output);
            return;
        }
        var rows = Rows(output.Predictions[0]);
        PredictionsFile.Write(path, rows.Count, (json, row) =>
        {
            var ids = WithoutPaddingAtTheEnd(rows[row]);
            json.WriteStartArray("output_ids");
            foreach (var id in ids) json.WriteNumberValue(id);
            json.WriteEndArray();
            if (context.Tokenizer is { } tokenizer) json.WriteString("text", Decode(tokenizer, ids));
        });
    }

    private int PaddingId => context.Config.PadTokenId ?? context.Tokenizer?.SpecialTokens.Pad?.Id ?? 0;

    private Func<EvalPrediction, Metrics>? Metrics()
    {
        var generates = context.Training.PredictWithGenerate;
        string[] usual = generates && _isText ? ["rouge-l"] : [];
        if (!generates && context.Task.Metric is [var asked, ..])
            throw new InvalidArgumentException("metric", $"is \"{asked}\", expected predict_with_generate too: it compares what is written");
        var names = MetricNames.Choose(context, "task seq2seq", usual, "rouge-l", "exact_match");
        if (names.Contains("rouge-l") && context.Tokenizer is null)
            throw new InvalidArgumentException("metric", "is \"rouge-l\", expected a tokenizer for the texts: set tokenizer_name");
        return names.Count == 0 ? null : output => Measure(output, names);
    }

    private Metrics Measure(EvalPrediction output, IReadOnlySet<string> names)
    {
        var metrics = new Metrics();
        var (found, right) = (Rows(output.Predictions), Rows(output.LabelIds));
        if (found.Count != right.Count)
        {
            throw new InvalidArgumentException(
                "num_return_sequences", $"gives {found.Count} texts for {right.Count} rows, expected as many to measure");
        }
        if (names.Contains("rouge-l") && context.Tokenizer is { } tokenizer)
        {
            var scores = found.Zip(right, (a, b) => RougeL.Of(Decode(tokenizer, a), Decode(tokenizer, b)));
            metrics["rougeL"] = PythonText.Round(scores.Average() * 100, 4);
        }
        if (names.Contains("exact_match"))
        {
            metrics["exact_match"] = found.Zip(right, (a, b) => Content(a).SequenceEqual(Content(b))).Average(same => same ? 1.0 : 0.0);
        }
        metrics["gen_len"] = PythonText.Round(found.Average(row => row.Count(id => id != PaddingId && id != TokenInputs.Ignored)), 4);
        return metrics;
    }

    // What is written: no padding, no start token, nothing behind the end.
    private IEnumerable<int> Content(int[] row)
    {
        var (start, end) = (context.Config["decoder_start_token_id"] as long?, context.Config.EosTokenId);
        return row.Where(id => id != PaddingId && id != TokenInputs.Ignored && id != start).TakeWhile(id => id != end);
    }

    private string Decode(ITokenizer tokenizer, int[] ids) =>
        tokenizer.Decode([.. ids.Where(id => id != TokenInputs.Ignored)], skipSpecialTokens: true);

    private int[] WithoutPaddingAtTheEnd(int[] row)
    {
        var length = row.Length;
        while (length > 1 && (row[length - 1] == PaddingId || row[length - 1] == TokenInputs.Ignored)) length--;
        return row[..length];
    }

    private static List<int[]> Rows(Tensor ids) =>
        [.. ids.ToArray<long>().Select(id => (int)id).Chunk((int)ids.Size(1))];

    private IDataset Tokenized(TaskFile file, Split split)
    {
        var hasLabels = HasColumn(file, split, Labels);
        var builder = new RowBuilder();
        for (var row = 0; row < file.Rows.Count; row++)
        {
            TokenInputs.Add(builder, file, row, context.Config);
            if (hasLabels)
            {
                TokenInputs.AddChecked(
                    builder, file, row, Labels, null, id => id == TokenInputs.Ignored || (id >= 0 && id < context.Config.VocabSize),
                    "-100 or " + TokenInputs.IdsExpected(context.Config));
                if (file.Rows[row, Labels].Length == 0) throw file.Wrong(row, $"has no tokens in {Labels}, expected one or more");
            }
            builder.EndRow();
        }
        return builder.Build();
    }

    private static bool HasColumn(TaskFile file, Split split, string column)
    {
        if (file.Columns.Contains(column)) return true;
        if (split == Split.Test) return false;
        throw new InvalidDataException(
            $"{file.Argument}: {file.FirstFile} has the columns {string.Join(", ", file.Columns)}, expected {column} too");
    }

    private IDataset Texts(TaskFile file, Split split)
    {
        var (task, tokenizer) = (context.Task, context.TokenizerFor(file.Argument, file.FirstFile));
        var source = file.Column("text_column", task.TextColumn, "source", "text", "article", "document", "dialogue");
        var target = split == Split.Test
            ? file.FindColumn("summary_column", task.SummaryColumn, "target", "summary", "highlights")
            : file.Column("summary_column", task.SummaryColumn, "target", "summary", "highlights");
        var length = split == Split.Train ? task.MaxTargetLength : task.ValMaxTargetLength ?? task.MaxTargetLength;
        var inputs = Encode(file, tokenizer, source, task.SourcePrefix ?? "", "max_source_length", task.MaxSourceLength, DefaultSource);
        var labels = target is null ? null : Encode(file, tokenizer, target, "", "max_target_length", length, DefaultTarget);
        var builder = new RowBuilder();
        for (var row = 0; row < file.Rows.Count; row++)
        {
            TokenInputs.Add(builder, inputs[row], context.Config);
            if (labels is not null) builder.Add(Labels, labels[row].Ids);
            builder.EndRow();
        }
        return builder.Build();
    }

    private BatchEncoding Encode(
        TaskFile file, ITokenizer tokenizer, string column, string prefix, string option, int? asked, int usual)
    {
        var longest = TokenInputs.MaxLength(option, asked, tokenizer, context.Config) ?? usual;
        var texts = Enumerable.Range(0, file.Rows.Count).Select(row => (EncodingInput)(prefix + file.Text(row, column)));
        return tokenizer.EncodeBatch([.. texts], new EncodingOptions
        {
            Truncation = TruncationStrategy.LongestFirst,
            MaxLength = asked is null ? Math.Min(longest, usual) : longest,
        });
    }
}
