using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Optimization;

namespace NativeTrainer.Tests.Training;

/// <summary>What a training counts: tokens, examples, floating point operations; and which parameters decay.</summary>
public sealed class CountsTests
{
    private const double Tolerance = 1.001e-4;

    [Test]
    public void Tokens_are_counted_and_timed()
    {
        using var folder = new TemporaryFolder();
        var golden = Seen("tokens");
        var trainer = Trainer(
            folder, Tiny.Train.Take(18), ("num_train_epochs", 1L), ("include_tokens_per_second", true),
            ("include_num_input_tokens_seen", true), ("logging_steps", 2L));
        AssertAlike(trainer.Train().Metrics, golden.GetProperty("returned"));
        AssertAlike(trainer.State.LogHistory, golden.GetProperty("log_history"));
        Assert.That(trainer.NumTokens(trainer.GetTrainDataloader()), Is.EqualTo(golden.GetProperty("num_tokens(loader)").GetInt64()));
        Assert.That(trainer.NumTokens(trainer.GetTrainDataloader(), 3), Is.EqualTo(golden.GetProperty("num_tokens(loader, 3)").GetInt64()));
        var (train, eval) = (trainer.GetTrainDataloader(), trainer.GetEvalDataloader());
        Assert.That(trainer.NumExamples(train), Is.EqualTo(golden.GetProperty("num_examples(training loader)").GetInt32()));
        Assert.That(trainer.NumExamples(eval), Is.EqualTo(golden.GetProperty("num_examples(evaluation loader)").GetInt32()));
    }

    [Test]
    public void Tokens_of_accumulated_batches_are_counted()
    {
        using var folder = new TemporaryFolder();
        var golden = Seen("tokens, max_steps 3, accumulation 2");
        var trainer = Trainer(
            folder, Tiny.Train.Take(18), ("max_steps", 3L), ("gradient_accumulation_steps", 2L), ("include_tokens_per_second", true),
            ("include_num_input_tokens_seen", true), ("logging_steps", 1L));
        AssertAlike(trainer.Train().Metrics, golden.GetProperty("returned"));
        var seen = trainer.State.LogHistory.Select(entry => entry["num_input_tokens_seen"]).ToList();
        AssertAlike(seen, golden.GetProperty("num_input_tokens_seen per log"));
    }

    [Test]
    public void Padding_counts_as_tokens()
    {
        using var folder = new TemporaryFolder();
        var trainer = Trainer(folder, Tiny.Rows("lm-varlen-train").Take(8), ("num_train_epochs", 1L),
            ("include_num_input_tokens_seen", true), ("logging_steps", 2L));
        trainer.Train();
        AssertAlike(trainer.State.LogHistory, Seen("padding counts as tokens").GetProperty("log_history"));
    }

    [Test]
    public void Floating_point_operations_are_six_for_each_parameter_and_token()
    {
        using var folder = new TemporaryFolder();
        var golden = Golden.Json("checkpoints/flops.json").GetProperty("models").GetProperty("gpt2-tiny");
        var trainer = Trainer(folder, Tiny.Train.Take(20), ("num_train_epochs", 1L), ("logging_steps", 2L));
        trainer.Train();
        Assert.That(trainer.Model.NumParameters(), Is.EqualTo(golden.GetProperty("parameters").GetInt64()));
        Assert.That(trainer.Model.NumParameters(excludeEmbeddings: true), Is.EqualTo(golden.GetProperty("without embeddings").GetInt64()));
        Assert.That((double)trainer.State.TotalFlos, Is.EqualTo(golden.GetProperty("total_flos").GetDouble()));
    }

    [Test]
    public void Normalisations_and_biases_do_not_decay()
    {
        var golden = Golden.Json("checkpoints/decay-groups.json").GetProperty("models").GetProperty("gpt2-tiny");
        var model = Tiny.Model();
        var names = model.NamedParameters().ToDictionary(entry => entry.Parameter, entry => entry.Name);
        var groups = ParameterGroup.Of(model, ParameterGroup.DecayParameterNames(model), 1e-3, 0.1);
        Assert.That(groups.Select(group => group.WeightDecay), Is.EqualTo(new[] { 0.1, 0 }));
        Assert.That(NamesOf(groups[0]), Is.EqualTo(Golden.Texts(golden.GetProperty("0: weight_decay"))));
        Assert.That(NamesOf(groups[1]), Is.EqualTo(Golden.Texts(golden.GetProperty("1: none"))));

        IEnumerable<string> NamesOf(ParameterGroup group) => group.Flat.Parameters.Select(parameter => names[parameter]);
    }

    private static Trainer Trainer(TemporaryFolder folder, IDataset rows, params (string, object?)[] given) => new(
        Tiny.Model(), Tiny.Arguments(folder["out"], [("per_device_train_batch_size", 4L), ("save_strategy", "no"), .. given]),
        trainDataset: rows, evalDataset: Tiny.Eval.Take(5), callbacks: [new PrinterCallback(TextWriter.Null)],
        timeProvider: new SteppingClock());

    private static JsonElement Seen(string name) => Golden.Json("checkpoints/metrics.json").GetProperty("seen").GetProperty(name);

    private static void AssertAlike(object ours, JsonElement theirs) =>
        Assert.That(Likeness.Difference(ours, Golden.Plain(theirs), Tolerance), Is.Null);
}
