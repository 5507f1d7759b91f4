using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Tests.Data;

/// <summary>The examples of docs/data.md, as they are printed there, on small files.</summary>
public sealed class DataPageTests
{
    private readonly TemporaryFolder _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Every_example_runs()
    {
        static IDataset Load(string folder)
        {
            var mail = DatasetFiles.Load([folder + "/mail/*.csv"], new()
            {
                Columns = ["body", "spam"],
                Rename = new Dictionary<string, string> { ["body"] = "text", ["spam"] = "label" },
            });
            TestContext.Out.WriteLine($"{mail.Count} rows; the first is {mail[0, "text"].Text}, from {mail.Origin(0)}");
            var lengths = mail.Map(
                row => new DataRow(["length"], [Feature.Of((long)row["text"].Text.Length)]), fingerprint: "lengths 1",
                new DatasetCache(folder + "/cache"));
            return lengths;
        }

        Directory.CreateDirectory(_folder["mail"]);
        File.WriteAllText(_folder["mail/a.csv"], "body,spam\nhello,0\nbuy this,1\n");
        Assert.That(Load(_folder.Root)[1, "length"].Int, Is.EqualTo(8));

        var goldens = Path.Combine(AppContext.BaseDirectory, "Goldens");
        var tokenizer = Tokenizer.FromPretrained(Path.Combine(goldens, "data", "bytelevel-bpe"));
        var blocks = TextDataset.Load("train_file", [Path.Combine(goldens, "data", "text-train.txt")], new()
        {
            Tokenizer = tokenizer, BlockSize = 32, Cache = new DatasetCache(_folder["cache"]),
        });

        var collator = new DataCollatorForLanguageModeling(new CollatorTokens { PadTokenId = 0 }, mlm: false) { PadToMultipleOf = 8 };
        var batch = collator.Collate(blocks, [0, 1, 2]);
        Assert.That(batch["input_ids"].Shape.ToString(), Does.Contain("3"));
        DataCollator first = (dataset, rows) => new DefaultDataCollator().Collate(dataset, rows[..1]);
        Assert.That(first(blocks, [4, 5])["labels"].Size(0), Is.EqualTo(1));

        var config = AutoModel.ConfigFromPretrained(Path.Combine(goldens, "gpt2-tiny"));
        config["vocab_size"] = 512L;
        var model = AutoModel.FromConfig(config, AutoModel.CausalLanguageModel);
        string[] files = [Path.Combine(goldens, "data", "text-train.txt")];
        var stream = TextDataset.Stream("train_file", files, new() { Tokenizer = tokenizer, BlockSize = 32 })
            .Shuffle(seed: 42, bufferSize: 10_000);
        var settings = new TrainingArguments(_folder["out"])
        {
            MaxSteps = 3, DataloaderNumWorkers = 2, SaveStrategy = IntervalStrategy.No, DisableTqdm = true,
        };
        var trainer = new Trainer(model, settings, trainDataset: stream);
        Assert.That(trainer.Train().GlobalStep, Is.EqualTo(3));
    }
}
