using System.Text.Json;
using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Models;
using NativeTrainer.Tensors;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Evaluation;

/// <summary>Evaluations and predictions of the real Trainer made again.</summary>
public sealed class EvaluationTests
{
    private const double Tolerance = 1e-5;

    public static IEnumerable<TestCaseData> Batches() => Golden.Rows("evalloop.json", "batches")
        .Where(row => !row.GetProperty("set").GetString()!.StartsWith("bert-regression-tiny", StringComparison.Ordinal))
        .Select(row => new TestCaseData(row)
            .SetArgDisplayNames($"{row.GetProperty("set")} batch {row.GetProperty("batch")} drop_last {row.GetProperty("drop_last")}"));

    [TestCaseSource(nameof(Batches))]
    public void Losses_and_predictions_of_every_batch_size(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        var rows = Rows(row.GetProperty("set").GetString()!.Split(' ')[1]);
        var dropLast = row.GetProperty("drop_last").GetBoolean();
        var args = Arguments(folder, row.GetProperty("batch").GetInt64(), ("dataloader_drop_last", dropLast));
        var isBert = row.GetProperty("set").GetString()!.StartsWith("bert", StringComparison.Ordinal);
        var trainer = new Trainer(isBert ? Bert() : Tiny.Model(), args, evalDataset: rows);
        var expected = row.GetProperty("eval_loss").GetDouble();
        Assert.That((double)trainer.Evaluate()["eval_loss"], Is.EqualTo(expected).Within(Tolerance));
        var output = trainer.Predict(rows);
        Assert.That((double)output.Metrics["test_loss"], Is.EqualTo(expected).Within(Tolerance));
        AssertLooks(output.Predictions.Single(), row.GetProperty("predictions"));
        AssertLooks(output.LabelIds.Single(), row.GetProperty("label_ids"));
        Assert.That(output.Metrics.Keys.Order(StringComparer.Ordinal), Is.EqualTo(Golden.Texts(row.GetProperty("predict_metrics"))));
    }

    [Test]
    public void Metrics_see_what_was_made_of_the_logits()
    {
        using var folder = new TemporaryFolder();
        var seen = Option("preprocess_logits_for_metrics").GetProperty("eval_seen");
        var accuracy = Option("token accuracy").GetProperty("eval_token_accuracy").GetDouble();
        var trainer = new Trainer(
            Tiny.Model(), Arguments(folder, 7), evalDataset: Rows("lm-varlen-eval"),
            preprocessLogitsForMetrics: (logits, _) => logits.Argmax(-1),
            computeMetrics: prediction =>
            {
                AssertLooks(prediction.Predictions, seen.GetProperty("predictions"));
                AssertLooks(prediction.LabelIds, seen.GetProperty("label_ids"));
                return new Metrics { ["token_accuracy"] = TokenAccuracy(prediction) };
            });
        Assert.That((double)trainer.Evaluate()["eval_token_accuracy"], Is.EqualTo(accuracy).Within(1e-12));
    }

    [Test]
    public void Metrics_see_logits_padded_to_the_longest_batch()
    {
        using var folder = new TemporaryFolder();
        var seen = Option("uneven lengths").GetProperty("eval_seen");
        var trainer = new Trainer(Tiny.Model(), Arguments(folder, 7), evalDataset: Rows("lm-varlen-eval"), computeMetrics: prediction =>
        {
            AssertLooks(prediction.Predictions, seen.GetProperty("predictions"));
            Assert.That(prediction.Inputs, Is.Null);
            return new Metrics { ["eval_x"] = 1.0, ["y"] = 2 };
        });

        // Names that get their prefix from the trainer come after the loss; whole numbers stay whole.
        var metrics = trainer.Evaluate();
        Assert.That(metrics.Keys.Take(3), Is.EqualTo(new[] { "eval_x", "eval_loss", "eval_y" }));
        Assert.That(metrics["eval_y"].IsWhole, Is.True);
    }

    [Test]
    public void Label_smoothing_is_in_the_loss_of_an_evaluation()
    {
        using var folder = new TemporaryFolder();
        var expected = Option("label_smoothing_factor 0.1, causal").GetProperty("eval_loss").GetDouble();
        var trainer = new Trainer(Tiny.Model(), Arguments(folder, 7, ("label_smoothing_factor", 0.1)), evalDataset: Rows("lm-varlen-eval"));
        Assert.That((double)trainer.Evaluate()["eval_loss"], Is.EqualTo(expected).Within(Tolerance));
    }

    [Test]
    public void Prediction_loss_only_keeps_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(
            Tiny.Model(), Arguments(folder, 8, ("prediction_loss_only", true)),
            computeMetrics: _ => throw new InvalidOperationException("there is nothing to compute metrics from"));
        var output = trainer.Predict(Tiny.Eval.Take(9));
        Assert.That(output.Predictions, Is.Empty);
        Assert.That(output.LabelIds, Is.Empty);
        Assert.That(output.Metrics.Keys.First(), Is.EqualTo("test_loss"));
    }

    [Test]
    public void Ignored_keys_are_no_predictions()
    {
        using var folder = new TemporaryFolder();
        var output = new Trainer(Tiny.Model(), Arguments(folder, 8)).Predict(Tiny.Eval.Take(9), ignoreKeys: ["logits", "past_key_values"]);
        Assert.That(output.Predictions, Is.Empty);
        Assert.That(output.LabelIds.Single().Shape, Is.EqualTo(new Shape(9, 32)));
    }

    [Test]
    public void Labels_come_in_the_order_of_label_names()
    {
        using var folder = new TemporaryFolder();
        var args = Arguments(folder, 8, ("label_names", new List<object?> { "labels", "input_ids" }));
        var output = new Trainer(Tiny.Model(), args).Predict(Tiny.Eval.Take(9));
        Assert.That(output.LabelIds, Has.Count.EqualTo(2));
        // a language model's labels are its ids
        Assert.That(output.LabelIds[1].ToArray<long>(), Is.EqualTo(output.LabelIds[0].ToArray<long>()));
    }

    [Test]
    public void Without_the_named_labels_the_models_loss_is_a_prediction()
    {
        using var folder = new TemporaryFolder();
        var args = Arguments(folder, 8, ("label_names", new List<object?> { "answers" }), ("remove_unused_columns", false));
        var output = new Trainer(Tiny.Model(), args).Predict(Tiny.Eval.Take(16));
        Assert.That(output.Predictions.Select(prediction => prediction.Shape), Is.EqualTo(new Shape[] { [2], [16, 32, 256] }));
        Assert.That(output.LabelIds, Is.Empty);
        Assert.That(output.Metrics.ContainsKey("test_loss"), Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Metrics_see_inputs_padded_to_the_longest_batch(bool legacyLoop)
    {
        using var folder = new TemporaryFolder();
        var seen = Option("uneven lengths").GetProperty("eval_seen");
        var args = Arguments(folder, 7, ("include_inputs_for_metrics", true), ("use_legacy_prediction_loop", legacyLoop));
        var trainer = new Trainer(Tiny.Model(), args, evalDataset: Rows("lm-varlen-eval"), computeMetrics: prediction =>
        {
            AssertLooks(prediction.Inputs!.Value, seen.GetProperty("inputs"));
            AssertLooks(prediction.Predictions, seen.GetProperty("predictions"));
            AssertLooks(prediction.LabelIds, seen.GetProperty("label_ids"));
            return new Metrics { ["seen"] = 1 };
        });
        Assert.That(trainer.Evaluate().ContainsKey("eval_seen"), Is.True);
    }

    [Test]
    public void No_ignored_keys_at_all_make_the_cache_a_prediction()
    {
        using var folder = new TemporaryFolder();
        var expected = Option("ignore_keys [] replaces the default").GetProperty("predictions");
        var output = new Trainer(Tiny.Model(), Arguments(folder, 8)).Predict(Rows("lm-eval"), ignoreKeys: []);
        AssertLooks(output.Predictions[0], expected[0]);
        var cache = expected[1].EnumerateArray().SelectMany(layer => layer.EnumerateArray()).ToList(); // keys and values of each layer
        Assert.That(output.Predictions, Has.Count.EqualTo(1 + cache.Count));
        for (var i = 0; i < cache.Count; i++) AssertLooks(output.Predictions[1 + i], cache[i]);
    }

    [Test]
    public void Outputs_that_differ_beyond_their_second_dimension_are_refused()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Tiny.Model(), Arguments(folder, 7));
        Assert.That(() => trainer.Predict(Rows("lm-varlen-eval"), ignoreKeys: []),
            Throws.InvalidOperationException.With.Message.Contains("ignoreKeys"));
    }

    [Test]
    public void Several_outputs_are_preprocessed_together_where_a_trainer_says_so()
    {
        using var folder = new TemporaryFolder();
        var output = new LastOutputTrainer(Tiny.Model(), Arguments(folder, 8)).Predict(Tiny.Eval.Take(9), ignoreKeys: []);
        Assert.That(output.Predictions.Single().Shape, Is.EqualTo(new Shape(9, 4, 32, 16)));
    }

    [TestCase("metrics")]
    [TestCase("eval_accumulation_steps changes nothing", "eval_accumulation_steps", 2L)]
    [TestCase("dict of eval datasets")]
    [TestCase("metric_key_prefix")]
    [TestCase("label_smoothing_factor 0.1: in", "label_smoothing_factor", 0.1)]
    [TestCase("prediction_loss_only: no metrics", "prediction_loss_only", true)]
    public void A_classifier_is_evaluated_as_by_the_real_one(string name, string? argument = null, object? value = null)
    {
        using var folder = new TemporaryFolder();
        var expected = name == "metrics" ? Golden.Rows("evalloop.json", "options").First().GetProperty("result") : Option(name);
        var (rows, sets) = (Rows("cls-eval"), new OrderedDictionary<string, IDataset>());
        if (name.StartsWith("dict", StringComparison.Ordinal)) (sets["a"], sets["b"]) = (rows.Range(0, 20), rows.Range(20, rows.Count - 20));
        var computes = expected.EnumerateObject().Any(metric => metric.Name.EndsWith("accuracy", StringComparison.Ordinal));
        var trainer = new Trainer(
            Bert(), Arguments(folder, 8, argument is null ? [] : [(argument, value)]), evalDataset: rows, evalDatasets: sets.Count > 0 ? sets : null,
            computeMetrics: !computes ? null : output => new Metrics
            {
                ["accuracy"] = Accuracy.Of(ClassIds.Of(output.Predictions), output.LabelIds.ToArray<long>()),
            });
        var metrics = trainer.Evaluate(metricKeyPrefix: name == "metric_key_prefix" ? "valid" : "eval");
        foreach (var metric in expected.EnumerateObject())
        {
            Assert.That((double)metrics[metric.Name], Is.EqualTo(metric.Value.GetDouble()).Within(Tolerance), metric.Name);
        }
    }

    [Test]
    public void Labels_of_two_names_are_those_of_both()
    {
        using var folder = new TemporaryFolder();
        var expected = Option("label_names: labels in that order, a tuple");
        var args = Arguments(folder, 8, ("label_names", new List<object?> { "labels", "token_type_ids" }));
        var output = new Trainer(Bert(), args).Predict(Rows("cls-eval"));
        AssertLooks(output.Predictions.Single(), expected.GetProperty("predictions"));
        Assert.That(output.LabelIds, Has.Count.EqualTo(2));
        foreach (var (ours, theirs) in output.LabelIds.Zip(expected.GetProperty("label_ids").EnumerateArray())) AssertLooks(ours, theirs);
    }

    [Test]
    public void Rows_without_labels_are_predicted_without_a_loss()
    {
        using var folder = new TemporaryFolder();
        var rows = new ColumnSelection(Rows("cls-eval"), column => column != "label");
        var output = new Trainer(Bert(), Arguments(folder, 8)).Predict(rows);
        AssertLooks(output.Predictions.Single(), Option("no labels in the rows").GetProperty("predictions"));
        Assert.That(output.LabelIds, Is.Empty);
        Assert.That(output.Metrics.ContainsKey("test_loss"), Is.False);
    }

    public static IEnumerable<TestCaseData> Uneven() => Golden.Rows("checkpoints/uneven-batches.json", "cases")
        .Where(row => row.TryGetProperty("eval_loss", out _))
        .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("by").GetString()!));

    [TestCaseSource(nameof(Uneven))]
    public void Rows_weigh_the_same_in_uneven_batches(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        (string, object?)[] more = row.GetProperty("by").GetString() switch
        {
            "Trainer, eval_accumulation_steps 1" => [("eval_accumulation_steps", 1L)],
            "Trainer, drop_last" => [("dataloader_drop_last", true)],
            _ => [],
        };
        var isSeq2Seq = row.GetProperty("by").GetString() == "Seq2SeqTrainer"; // there a short batch counts as a whole one
        var (model, rows, clock) = (Tiny.Model(), Tiny.Eval.Take(10), new SteppingClock());
        var trainer = isSeq2Seq
            ? new Seq2SeqTrainer(
                model, new Seq2SeqTrainingArguments(folder["out"]) { PerDeviceEvalBatchSize = 4 }, evalDataset: rows, timeProvider: clock)
            : new Trainer(model, Arguments(folder, 4, more), evalDataset: rows, timeProvider: clock);
        Assert.That(Likeness.Difference(trainer.Evaluate(), Golden.Map(row.GetProperty("metrics")), Tolerance), Is.Null);
    }

    private static PreTrainedModel Bert() => AutoModel.FromPretrained(Golden.Path("bert-tiny"), AutoModel.SequenceClassification);

    private static IDataset Rows(string name) => name switch
    {
        "lm-eval" => Tiny.Eval,
        "cls-eval" => DatasetFiles.Load([Golden.Path("data/cls-eval.jsonl")]),
        _ => Tiny.Rows(name),
    };

    private static TrainingArguments Arguments(TemporaryFolder folder, long batch, params (string, object?)[] more) =>
        Tiny.Arguments(folder["out"], [("per_device_eval_batch_size", batch), .. more]);

    private static JsonElement Option(string name) =>
        Golden.Rows("evalloop.json", "options")
            .First(row => row.GetProperty("name").GetString()!.StartsWith(name, StringComparison.Ordinal)).GetProperty("result");

    private static double TokenAccuracy(EvalPrediction prediction)
    {
        var (predicted, labels) = (prediction.Predictions.ToArray<long>(), prediction.LabelIds.ToArray<long>());
        var width = (int)prediction.LabelIds.Size(1);
        var places = Enumerable.Range(0, labels.Length).Where(place => place % width > 0 && labels[place] != -100).ToList();
        return places.Count(place => predicted[place - 1] == labels[place]) / (double)places.Count;
    }

    // Shape, dtype, sum, the ends of the first row and of the last.
    private static void AssertLooks(Tensor tensor, JsonElement expected)
    {
        Assert.That(tensor.DType.TorchName, Is.EqualTo(expected.GetProperty("dtype").GetString()));
        var shape = expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64());
        Assert.That(tensor.Shape, Is.EqualTo(new Shape([.. shape])));
        double[] values = tensor.DType == DType.Int64 ? [.. tensor.ToArray<long>()] : [.. tensor.ToArray<float>()];
        var row = values.Length / (int)tensor.Size(0);
        Assert.That(values.Sum(), Is.EqualTo(expected.GetProperty("sum").GetDouble()).Within(1e-3 + (1e-7 * values.Sum(Math.Abs))));
        AssertEnds(values[..row], expected.GetProperty("first_row"));
        AssertEnds(values[^row..], expected.GetProperty("last_row"));
    }

    private static void AssertEnds(double[] row, JsonElement expected) =>
        Assert.That(row[..Math.Min(4, row.Length)].Concat(row[^Math.Min(2, row.Length)..]), Is.EqualTo(expected.EnumerateArray().Select(value => value.GetDouble())).Within(Tolerance));

    private sealed class LastOutputTrainer(PreTrainedModel model, TrainingArguments args) : Trainer(model, args)
    {
        protected override IReadOnlyList<Tensor> PreprocessLogits(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> labels) =>
            [outputs[^1]];
    }
}
