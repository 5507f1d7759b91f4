using System.Text.Json;

namespace NativeTrainer.Cli.Tests;

/// <summary>The example of every task with a few steps: what it measures, and what it leaves.</summary>
public class TaskTests
{
    private string _out = "";

    [SetUp]
    public void MakeFolder() => _out = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_out, recursive: true);

    [TestCase("masked-lm", "eval_loss perplexity", "")]
    [TestCase("sequence-classification", "eval_accuracy eval_f1 test_accuracy", "logits label")]
    [TestCase("token-classification", "eval_f1 eval_precision eval_recall eval_accuracy", "logits labels")]
    [TestCase("question-answering", "eval_exact_match eval_f1 eval_loss test_f1", "answer n_best")]
    [TestCase("seq2seq", "eval_exact_match eval_rougeL eval_gen_len test_rougeL", "output_ids text")]
    public void Example_runs(string task, string metrics, string fields)
    {
        string[] few = ["--output_dir", _out, "--max_steps", "3", "--logging_steps", "1"];
        string[] files = task == "masked-lm" // instead of the documentation, which is not beside the tests
            ? ["--train_file", "examples/data/lines-train.jsonl", "--validation_file", "examples/data/lines-validation.jsonl"] : [];
        var (exitCode, _, error) = Command.Run(Command.Goldens, ["train", $"examples/{task}.json", .. few, .. files]);
        Assert.That(exitCode, Is.Zero, error);
        var results = Read("all_results.json");
        foreach (var name in metrics.Split(' '))
        {
            Assert.That(results.TryGetProperty(name, out var value) && double.IsFinite(value.GetDouble()), $"{name} in {results}");
        }
        if (fields.Length == 0) return;
        var rows = File.ReadLines(Path.Combine(_out, "predictions.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var args = JsonDocument.Parse(File.ReadAllText(Path.Combine(Command.Goldens, "examples", task + ".json"))).RootElement;
        Assert.That(rows, Has.Count.EqualTo(File.ReadLines(Path.Combine(Command.Goldens, args.GetProperty("test_file").GetString()!)).Count()));
        foreach (var field in fields.Split(' ')) Assert.That(rows.TrueForAll(row => row.TryGetProperty(field, out _)), field);
    }

    [Test]
    public void Labels_that_are_texts_get_their_names_in_the_configuration()
    {
        var (exitCode, _, error) = Command.Run(
            Command.Goldens, ["train", "examples/sequence-classification.json", "--output_dir", _out, "--max_steps", "1", "--metric", "f1_macro"]);
        Assert.That(exitCode, Is.Zero, error);
        var config = Read("config.json");
        Assert.That(config.GetProperty("id2label").GetProperty("1").GetString(), Is.EqualTo("comment"));
        Assert.That(config.GetProperty("label2id").GetProperty("code").GetInt32(), Is.Zero);
        Assert.That(config.GetProperty("problem_type").GetString(), Is.EqualTo("single_label_classification"));

        // The model that came of it has the last word.
        var rows = Path.Combine(_out, "rows.jsonl");
        File.WriteAllText(rows, """{"text": "some text", "label": "poem"}""");
        string[] again = ["train", "--task", "sequence-classification", "--model_name_or_path", _out, "--train_file", rows, "--output_dir", _out + "2"];
        var (code, _, refusal) = Command.Run(Command.Goldens, again);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(refusal, Does.Contain("rows.jsonl:1: row 0 has the label \"poem\" in label, expected one of code, comment (id2label)"));
        Assert.That(Directory.Exists(_out + "2"), Is.False);
    }

    private JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_out, name))).RootElement;
}
