using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Tests.Data;

/// <summary>Rows for language models: what run_clm makes of the same files, and what is refused.</summary>
public class TextDatasetTests
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens", "data");
    private static readonly ITokenizer Bpe = Tokenizer.FromPretrained(Path.Combine(Goldens, "bytelevel-bpe"));

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Text_is_cut_as_the_recorded_run_cut_it()
    {
        var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Goldens, "text-blocks.json"))).RootElement;
        var data = Load(Path.Combine(Goldens, "text-train.txt"),
            new() { Tokenizer = Bpe, BlockSize = 32, VocabSize = 512, MaxPositions = 64 });
        var blocks = Enumerable.Range(0, data.Count).Select(r => string.Join(',', data[r, "input_ids"].Ints.ToArray())).ToHashSet();
        foreach (var row in golden.GetProperty("first_batches").EnumerateArray().SelectMany(b => b.EnumerateArray()))
        {
            Assert.That(blocks, Does.Contain(string.Join(',', row.EnumerateArray().Select(i => i.GetInt32()))));
        }
        var epoch = golden.GetProperty("steps").GetDouble() / Math.Ceiling(data.Count / golden.GetProperty("batch").GetDouble());
        Assert.That(Math.Round(epoch, 2), Is.EqualTo(golden.GetProperty("final_epoch").GetDouble()));
        Assert.That(data.Columns, Is.EqualTo(new[] { "input_ids", "attention_mask", "labels" }));
        Assert.That(data[5, "labels"].Ints.ToArray(), Is.EqualTo(data[5, "input_ids"].Ints.ToArray()));
        Assert.That(data[5, "attention_mask"].Ints.ToArray(), Is.EqualTo(Enumerable.Repeat(1, 32)));
    }

    [Test]
    public void A_thousand_rows_are_joined_and_their_rest_is_dropped()
    {
        var rows = Enumerable.Range(0, 2001).Select(r => $"{r % 10}\n"); // two tokens each: 2,000 a group make 666 blocks of 3
        var data = Load(Write("rows.txt", string.Concat(rows)), new() { Tokenizer = Bpe, BlockSize = 3 });
        Assert.That(data.Count, Is.EqualTo(666 + 666)); // the last row alone does not fill one
        Assert.That(Bpe.Decode(data[665, "input_ids"].Ints), Is.EqualTo("\n8\n"));
        Assert.That(Bpe.Decode(data[666, "input_ids"].Ints), Is.EqualTo("0\n1"));
    }

    [Test]
    public void Texts_of_json_lines_are_joined_as_they_are()
    {
        var path = Write("rows.jsonl", """{"id": {"n": [1]}, "text": "ab"}""" + "\n\n" + """{"text": "c\u2028d", "id": null}""");
        var data = Load(path, new() { Tokenizer = Bpe, BlockSize = 2 });
        Assert.That(Bpe.Decode(data[0, "input_ids"].Ints) + Bpe.Decode(data[1, "input_ids"].Ints), Does.StartWith("abc"));
    }

    [Test]
    public void Rows_of_ids_are_taken_as_they_are()
    {
        var file = Path.Combine(Goldens, "lm-varlen-train.jsonl");
        var data = Load(file, new() { VocabSize = 256, MaxPositions = 64 });
        var golden = File.ReadLines(file).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.That(data.Count, Is.EqualTo(golden.Count));
        Assert.Multiple(() =>
        {
            for (var row = 0; row < golden.Count; row++)
            {
                foreach (var column in new[] { "input_ids", "labels" })
                {
                    Assert.That(data[row, column].Ints.ToArray(),
                        Is.EqualTo(golden[row].GetProperty(column).EnumerateArray().Select(i => i.GetInt32())), $"row {row} {column}");
                }
                Assert.That(data[row, "attention_mask"].Ints.ToArray(), Is.EqualTo(Enumerable.Repeat(1, data[row, "input_ids"].Length)));
            }
        });
    }

    [Test]
    public void Missing_columns_follow_from_the_ids()
    {
        var data = Load(Write("rows.jsonl", """{"input_ids": [1, 2], "name": "x"}""" + "\n" + """{"input_ids": [3], "name": "y"}"""),
            new());
        Assert.That(data.Columns, Is.EqualTo(new[] { "input_ids", "attention_mask", "labels" }));
        Assert.That(data[1, "labels"].Ints.ToArray(), Is.EqualTo(new[] { 3 }));
        Assert.That(data[1, "attention_mask"].Ints.ToArray(), Is.EqualTo(new[] { 1 }));
    }

    [TestCase("""{"input_ids": [1, 300]}""", ":2: row 1 has 300 at position 1 of input_ids, expected ids from 0 to 255 (vocab_size 256)")]
    [TestCase("""{"input_ids": [1, -1]}""", ":2: row 1 has -1 at position 1 of input_ids")]
    [TestCase("""{"input_ids": []}""", ":2: row 1 has no tokens in input_ids")]
    [TestCase("""{"input_ids": [1, 2, 3, 4, 5]}""", ":2: row 1 has 5 tokens, expected at most 4")]
    [TestCase("""{"input_ids": [1, 1.5]}""", "has input_ids that is no list of whole numbers")]
    [TestCase("""{"input_ids": "text"}""", ":2: row 1 has the text \"text\" in input_ids, expected a list of numbers")]
    [TestCase("""{"input_ids": null}""", ":2: row 1 has no input_ids, expected it as in the first row")]
    [TestCase("""{"input_ids": [99999999999]}""", ":2: row 1 has 99999999999 in input_ids, expected numbers below 2147483648")]
    [TestCase("""{"labels": [1]}""", ":2: row 1 has no input_ids, expected it as in the first row")]
    [TestCase("""{"input_ids": [1], "labels": [1]}""", ":2: row 1 has labels, which the first row lacks")]
    [TestCase("""{"other": [1]}""", ":2: row 1 has no input_ids, expected it as in the first row")]
    [TestCase("""[1]""", ":2: row 1 is no JSON object")]
    [TestCase("""{"input_ids": [1]""", ":2: is no JSON object")]
    [TestCase("""{"input_ids": [1]} x""", ":2: is no JSON object")]
    [TestCase("""{"input_ids": [1], "input_ids": [1]}""", ":2: row 1 has input_ids twice")]
    public void Broken_rows_are_named(string row, string expected)
    {
        var path = Write("rows.jsonl", """{"input_ids": [1, 2]}""" + "\n" + row + "\n");
        Assert.That(() => Load(path, new() { VocabSize = 256, MaxPositions = 4 }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected).And.Message.Contains("rows.jsonl"));
    }

    [Test]
    public void Masks_and_labels_must_fit_the_ids()
    {
        Assert.Multiple(() =>
        {
            Refused("""{"input_ids": [1, 2], "attention_mask": [1]}""", "row 0 has 1 values in attention_mask and 2 in input_ids");
            Refused("""{"input_ids": [1], "attention_mask": [2]}""", "has 2 at position 0 of attention_mask, expected 0 or 1");
            Refused("""{"input_ids": [1], "labels": [-1]}""", "has -1 at position 0 of labels, expected -100 or ids");
            Refused("""{"input_ids": [1], "labels": [256]}""", "has 256 at position 0 of labels, expected -100 or ids");
        });
        Assert.That(Load(Write("good.jsonl", """{"input_ids": [1], "labels": [-100]}"""), new() { VocabSize = 256 })[0, "labels"].Ints[0],
            Is.EqualTo(-100));

        void Refused(string row, string expected) => Assert.That(
            () => Load(Write("rows.jsonl", row), new() { VocabSize = 256 }),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void Text_that_cannot_be_used_is_refused()
    {
        var text = Write("text.txt", "abc\n");
        var ids = Write("ids.jsonl", """{"input_ids": [1]}""");
        Assert.Multiple(() =>
        {
            Refused(text, new(), "needs a tokenizer: set tokenizer_name");
            Refused(text, new() { Tokenizer = Bpe, BlockSize = 64 }, "1 rows have 4 tokens, too few for one block (block_size 64)");
            Refused(text, new() { Tokenizer = Bpe, BlockSize = 2, VocabSize = 66 },
                "row 0 has the token 66 ('b'), expected ids below vocab_size 66");
            Assert.That(() => Load(text, new() { Tokenizer = Bpe, BlockSize = 65, MaxPositions = 64 }),
                Throws.TypeOf<InvalidArgumentException>().With.Message.StartsWith("block_size is 65, expected at most 64"));
            Refused(Write("empty.txt", ""), new() { Tokenizer = Bpe }, "empty.txt is empty");
            Refused(Write("empty.jsonl", "\n"), new() { Tokenizer = Bpe }, "empty.jsonl: is empty");
            Refused(Write("other.jsonl", """{"words": "a"}"""), new() { Tokenizer = Bpe },
                "other.jsonl:1: row 0 has no input_ids and no text, found words");
            Assert.That(
                () => TextDataset.Load("train_file", [ids, text], new() { Tokenizer = Bpe }),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("expected files of one kind"));
        });

        static void Refused(string file, TextDatasetOptions options, string expected) =>
            Assert.That(() => Load(file, options), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void The_first_rows_are_set_apart_for_validation()
    {
        var path = Write("rows.txt", string.Concat(Enumerable.Range(0, 50).Select(r => $"{r % 10}\n")));
        var (train, validation) = TextDataset.LoadSplit("train_file", [path], new() { Tokenizer = Bpe, BlockSize = 2 },
            5); // 2.5 rows: 2
        Assert.That((train.Count, validation.Count), Is.EqualTo((48, 2)));
        Assert.That(Bpe.Decode(train[0, "input_ids"].Ints), Is.EqualTo("2\n"));
    }

    [TestCase(null, null, 64, 64)]
    [TestCase(null, 48, 64, 48)]
    [TestCase(null, 128, 64, 64)]
    [TestCase(null, null, 4096, 1024)]
    [TestCase(null, 2048, 4096, 2048)]
    [TestCase(null, null, null, 1024)]
    [TestCase(32, null, 64, 32)]
    [TestCase(64, 48, 64, 48)]
    [TestCase(2048, null, 4096, 2048)]
    public void Block_size_follows_run_clm(int? asked, int? modelMaxLength, int? positions, int expected) =>
        Assert.That(TextDataset.BlockSize(asked, modelMaxLength, positions), Is.EqualTo(expected));

    private static IDataset Load(string path, TextDatasetOptions options) => TextDataset.Load("train_file", [path], options);

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return Path.Combine(_folder, name);
    }
}
