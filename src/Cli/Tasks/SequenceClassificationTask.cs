using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tasks;

/// <summary><c>sequence-classification</c>: a class, several classes or a number for a text or a pair of texts, as run_glue.</summary>
/// <remarks>Whole numbers and texts are classes, a list is several of them, a number with a fraction is one to be predicted.</remarks>
internal sealed class SequenceClassificationTask(TaskContext context) : ITask
{
    private const int DefaultLength = 128;
    private const string Label = "label";

    private readonly ClassNames _classes = new(context, "ForSequenceClassification");
    private Kind _kind;

    private enum Kind
    {
        SingleLabel,
        MultiLabel,
        Regression,
    }

    /// <inheritdoc/>
    public TrainingData Read() => SplitFiles.Read(context, LearnLabels, Convert);

    /// <inheritdoc/>
    public TaskTools Prepare(PreTrainedModel model)
    {
        var metrics = _kind switch
        {
            Kind.Regression => MetricNames.Choose(context, "regression", ["mse"], "mse"),
            Kind.MultiLabel => MetricNames.Choose(context, "labels that are lists", ["f1", "accuracy"], "f1", "accuracy"),
            _ => MetricNames.Choose(context, "classification", ["accuracy"], "accuracy", "f1", "f1_macro"),
        };
        return new TaskTools(ComputeMetrics: output => Measure(output, metrics));
    }

    /// <inheritdoc/>
    public void WritePredictions(PredictionOutput output, string path)
    {
        var answers = _kind == Kind.SingleLabel ? ClassIds.Of(output.Predictions[0]) : [];
        PredictionsFile.WriteLogits(path, output, (json, row) =>
        {
            if (_kind == Kind.SingleLabel) json.WriteString(Label, _classes.Names[(int)answers[row]]);
        });
    }

    private void LearnLabels(TaskFile file)
    {
        var column = LabelColumn(file) ?? throw new InvalidDataException(
            $"{file.Argument}: {file.FirstFile} has the columns {string.Join(", ", file.Columns)}, expected {Label} or labels; set "
            + "label_column_name");
        var asksForNumber = _classes.Count == 1 || context.Config["problem_type"] is "regression";
        var labels = file.Labels(column);
        switch (file.Rows[0, column].Kind)
        {
            case FeatureKind.Float:
            case FeatureKind.Int when asksForNumber:
                _kind = Kind.Regression;
                _classes.LearnNumber(file, column);
                break;
            case FeatureKind.Int or FeatureKind.Bool:
                _classes.Learn(labels.Max(label => label.Int) + 1);
                break;
            case FeatureKind.Text:
                _classes.Learn(file, column, labels.Select(label => label.Text));
                break;
            case FeatureKind.Texts:
                _kind = Kind.MultiLabel;
                _classes.Learn(file, column, labels.SelectMany(label => label.Texts.ToArray()));
                break;
            case FeatureKind.Ints or FeatureKind.Floats:
                _kind = Kind.MultiLabel;
                _classes.Learn(file.Rows[0, column].Length);
                break;
        }
        var wanted = _kind switch
        {
            Kind.Regression => "regression",
            Kind.MultiLabel => "multi_label_classification",
            _ => "single_label_classification",
        };
        if (context.Config["problem_type"] is string given && given != wanted)
        {
            throw file.Wrong(
                0, $"has {TaskFile.Spell(file.Rows[0, column])} in {column}, expected labels for problem_type {given}, which the model's "
                + "config.json says");
        }
        context.Config["problem_type"] = wanted;
    }

    private string? LabelColumn(TaskFile file) => file.FindColumn("label_column_name", context.Task.LabelColumnName, Label, "labels");

    private IDataset Convert(TaskFile file, Split split)
    {
        var label = LabelColumn(file);
        if (label is null && split != Split.Test) file.Column("label_column_name", context.Task.LabelColumnName, Label, "labels");
        var (builder, texts) = (new RowBuilder(), file.IsTokenized ? null : Encode(file));
        for (var row = 0; row < file.Rows.Count; row++)
        {
            if (texts is null) TokenInputs.Add(builder, file, row, context.Config);
            else TokenInputs.Add(builder, texts[row], context.Config);
            if (label is not null) AddLabel(builder, file, row, label);
            builder.EndRow();
        }
        return builder.Build();
    }

    private BatchEncoding Encode(TaskFile file)
    {
        var tokenizer = context.TokenizerFor(file.Argument, file.FirstFile);
        var text = file.Column("text_column_name", context.Task.TextColumnName, "text", "sentence", "sentence1", "premise");
        var pair = file.FindColumn("text_pair_column_name", context.Task.TextPairColumnName, "text_pair", "sentence2", "hypothesis");
        var inputs = new EncodingInput[file.Rows.Count];
        for (var row = 0; row < inputs.Length; row++)
        {
            inputs[row] = pair is null ? file.Text(row, text) : (file.Text(row, text), file.Text(row, pair));
        }
        var asked = context.Task.MaxSeqLength ?? Math.Min(DefaultLength, context.Config.MaxPositions ?? DefaultLength);
        return tokenizer.EncodeBatch(inputs, new EncodingOptions
        {
            Truncation = TruncationStrategy.LongestFirst,
            MaxLength = TokenInputs.MaxLength("max_seq_length", asked, tokenizer, context.Config),
        });
    }

    private void AddLabel(RowBuilder builder, TaskFile file, int row, string column)
    {
        var label = file.Rows[row, column];
        switch (_kind)
        {
            case Kind.SingleLabel:
                builder.Add(Label, _classes.IdOf(file, row, column, label), isWhole: true);
                break;
            case Kind.Regression:
                if (!label.IsScalar) throw file.Wrong(row, $"has {TaskFile.Spell(label)} in {column}, expected a number");
                builder.Add(Label, label.Number, isWhole: false);
                break;
            default:
                builder.Add(Label, SeveralLabels(file, row, column, label));
                break;
        }
    }

    // 1 for each class that holds.
    private float[] SeveralLabels(TaskFile file, int row, string column, Feature label)
    {
        var holds = new float[_classes.Count];
        switch (label.Kind)
        {
            case FeatureKind.Texts:
                foreach (var name in label.Texts) holds[_classes.IdOf(file, row, column, name)] = 1;
                return holds;
            case FeatureKind.Ints or FeatureKind.Floats when label.Length == holds.Length:
                for (var i = 0; i < holds.Length; i++) holds[i] = label.Kind == FeatureKind.Ints ? label.Ints[i] : label.Floats[i];
                return holds;
            default:
                throw file.Wrong(
                    row, $"has {TaskFile.Spell(label)} of {label.Length} in {column}, expected {holds.Length} numbers, one for each class "
                    + $"(num_labels {holds.Length})");
        }
    }

    private Metrics Measure(EvalPrediction output, IReadOnlySet<string> names)
    {
        var metrics = new Metrics();
        if (_kind == Kind.Regression)
        {
            metrics["mse"] = MeanSquaredError.Of(output.Predictions.ToArray<float>(), output.LabelIds.ToArray<float>());
        }
        else if (_kind == Kind.MultiLabel)
        {
            var found = ClassIds.AboveHalf(output.Predictions);
            bool[] right = [.. output.LabelIds.ToArray<float>().Select(label => label > 0.5f)];
            if (names.Contains("f1")) metrics["f1"] = F1Score.Micro(found, right);
            if (names.Contains("accuracy")) metrics["accuracy"] = WholeRows(found, right);
        }
        else
        {
            var (found, right) = (ClassIds.Of(output.Predictions), output.LabelIds.ToArray<long>());
            if (names.Contains("accuracy")) metrics["accuracy"] = Accuracy.Of(found, right);
            if (names.Contains("f1")) metrics["f1"] = _classes.Count == 2 ? F1Score.Binary(found, right) : F1Score.Macro(found, right);
            if (names.Contains("f1_macro")) metrics["f1_macro"] = F1Score.Macro(found, right);
        }
        return metrics;
    }

    // The share of rows of which every class is right.
    private double WholeRows(bool[] found, bool[] right)
    {
        var rows = found.Chunk(_classes.Count).Zip(right.Chunk(_classes.Count), (a, b) => a.SequenceEqual(b)).ToList();
        return rows.Count(isRight => isRight) / (double)rows.Count;
    }
}
