using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Tasks;

/// <summary><c>question-answering</c>: find in a text where the answer to a question begins and ends, as run_qa.</summary>
internal sealed class QuestionAnsweringTask(TaskContext context) : ITask
{
    private const string Start = "start_positions", End = "end_positions";

    private readonly Dictionary<Split, QuestionRows> _questions = [];

    /// <inheritdoc/>
    public Split Measured { get; set; } = Split.Validation;

    /// <inheritdoc/>
    public TrainingData Read() => SplitFiles.Read(context, _ => { }, Convert);

    /// <inheritdoc/>
    public TaskTools Prepare(PreTrainedModel model)
    {
        if (context.Data.ValidationSplitPercentage is not null && _questions.Count > 0)
        {
            throw new InvalidArgumentException(
                "validation_split_percentage", "is set, expected a validation_file: rows are parts of texts, which belong together");
        }
        string[] known = _questions.Count > 0 ? ["exact_match", "f1"] : ["exact_match"];
        var names = MetricNames.Choose(context, _questions.Count > 0 ? "question answering" : "rows without texts", known, known);
        return new TaskTools(ComputeMetrics: output => Measure(output, names));
    }

    /// <inheritdoc/>
    public void WritePredictions(PredictionOutput output, string path)
    {
        var (starts, ends) = (output.Predictions[0], output.Predictions[1]);
        if (!_questions.TryGetValue(Split.Test, out var questions))
        {
            PredictionsFile.Write(path, (int)starts.Size(0), (json, row) =>
            {
                PredictionsFile.WriteRow(json, "start_logits", starts, row);
                PredictionsFile.WriteRow(json, "end_logits", ends, row);
            });
            return;
        }
        var answers = Find(questions, starts, ends);
        PredictionsFile.Write(path, answers.Count, (json, row) =>
        {
            json.WriteString("answer", answers[row].Text);
            if (answers[row].NullScoreDifference is { } difference) json.WriteNumber("null_score_diff", difference);
            json.WriteStartArray("n_best");
            foreach (var span in answers[row].Best) Write(json, span);
            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, AnswerSpan span)
    {
        json.WriteStartObject();
        json.WriteString("text", span.Text);
        json.WriteNumber("start", span.Start);
        json.WriteNumber("end", span.End);
        json.WriteNumber("probability", span.Probability);
        json.WriteEndObject();
    }

    private IDataset Convert(TaskFile file, Split split)
    {
        if (file.IsTokenized) return Tokenized(file, split);
        var questions = QuestionRows.Read(context, file, split);
        _questions[split] = questions;
        return questions.Rows;
    }

    private IDataset Tokenized(TaskFile file, Split split)
    {
        var missing = new[] { Start, End }.Where(column => !file.Columns.Contains(column)).ToList();
        if (missing.Count > 0 && split != Split.Test)
        {
            throw new InvalidDataException(
                $"{file.Argument}: {file.FirstFile} has the columns {string.Join(", ", file.Columns)}, expected "
                + $"{string.Join(" and ", missing)} too");
        }
        var builder = new RowBuilder();
        for (var row = 0; row < file.Rows.Count; row++)
        {
            TokenInputs.Add(builder, file, row, context.Config);
            var length = file.Rows[row, "input_ids"].Length;
            foreach (var column in missing.Count > 0 ? [] : new[] { Start, End })
            {
                var place = file.Rows[row, column];
                if (place.Kind != FeatureKind.Int || place.Int < 0)
                    throw file.Wrong(row, $"has {TaskFile.Spell(place)} in {column}, expected the place of a token, from 0 to {length - 1}");
                builder.Add(column, place.Int, isWhole: true);
            }
            builder.EndRow();
        }
        return builder.Build();
    }

    private IReadOnlyList<FoundAnswer> Find(QuestionRows questions, Tensor starts, Tensor ends) => new AnswerFinder
    {
        NBestSize = context.Task.NBestSize,
        MaxAnswerLength = context.Task.MaxAnswerLength,
        AllowsNoAnswer = context.Task.Version2WithNegative,
        NullScoreDiffThreshold = context.Task.NullScoreDiffThreshold,
    }.Find(questions.Texts, questions.Features, starts, ends);

    // In percent, as SQuAD's own script.
    private Metrics Measure(EvalPrediction output, IReadOnlySet<string> names)
    {
        var metrics = new Metrics();
        if (!_questions.TryGetValue(Measured, out var questions))
        {
            var right = Same(output.AllPredictions[0], output.AllLabelIds[0]).Zip(Same(output.AllPredictions[1], output.AllLabelIds[1]));
            metrics["exact_match"] = right.Average(pair => pair.First && pair.Second ? 100.0 : 0.0);
            return metrics;
        }
        var answers = Find(questions, output.AllPredictions[0], output.AllPredictions[1])
            .Zip(questions.Answers, (found, right) => (found.Text, Right: right)).ToList();
        if (names.Contains("exact_match")) metrics["exact_match"] = 100 * answers.Average(a => SquadScore.ExactMatch(a.Text, a.Right));
        if (names.Contains("f1")) metrics["f1"] = 100 * answers.Average(a => SquadScore.F1(a.Text, a.Right));
        return metrics;
    }

    private static IEnumerable<bool> Same(Tensor logits, Tensor places) =>
        ClassIds.Of(logits).Zip(places.ToArray<long>(), (found, right) => found == right);
}
