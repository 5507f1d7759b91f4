using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Tests.Data;

/// <summary>Text that is tokenized while it is read gives the rows that it gives when it is read at once.</summary>
public sealed class TextStreamTests
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens", "data");
    private static readonly ITokenizer Bpe = Tokenizer.FromPretrained(Path.Combine(Goldens, "bytelevel-bpe"));

    [TestCase(false)]
    [TestCase(true)]
    public void Blocks_are_the_same(bool packing)
    {
        var options = new TextDatasetOptions { Tokenizer = Bpe, BlockSize = 32, VocabSize = 512, MaxPositions = 64, Packing = packing };
        string[] files = [Path.Combine(Goldens, "text-train.txt")];
        var whole = TextDataset.Load("train_file", files, options);
        var stream = TextDataset.Stream("train_file", files, options);
        Assert.That(stream.Columns, Is.EqualTo(whole.Columns));
        var streamed = stream.Rows()
            .Select(row => string.Join(' ', row.Columns.Select(c => string.Join(',', row[c].Ints.ToArray())))).ToList();
        Assert.That(streamed, Is.EqualTo(Enumerable.Range(0, whole.Count).Select(
            row => string.Join(' ', whole.Columns.Select(c => string.Join(',', whole[row, c].Ints.ToArray()))))));
        Assert.That(streamed, Has.Count.GreaterThan(100));
    }

    [Test]
    public void Rows_of_ids_are_checked_one_by_one()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["ids.jsonl"], """{"input_ids": [1, 2], "name": "x"}""" + "\n" + """{"input_ids": [300]}""");
        var stream = TextDataset.Stream("train_file", [folder["ids.jsonl"]], new() { VocabSize = 256 });
        Assert.That(stream.Rows().First()["labels"].Ints.ToArray(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(() => stream.Rows().Count(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(
            "ids.jsonl:2: row 1 has 300 at position 0 of input_ids, expected ids from 0 to 255 (vocab_size 256)"));
    }
}
