using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Tests.Data;

/// <summary>What is kept on disk, found again by content, and made anew where it is broken.</summary>
public sealed class DatasetCacheTests
{
    private readonly TemporaryFolder _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_mapping_runs_once_for_the_same_content()
    {
        var (file, runs) = (Write("rows.jsonl", """{"text": "ab", "n": 1}""" + "\n" + """{"text": "cdé", "n": 2}"""), 0);
        var cache = new DatasetCache(_folder["cache"]);
        var first = Map("lengths 1");
        Assert.That((Map("lengths 1")[1, "length"].Int, runs), Is.EqualTo((3L, 2)), "found");
        Assert.That(Show(Map("lengths 1")), Is.EqualTo(Show(first)));
        Map("lengths 2");
        Assert.That(runs, Is.EqualTo(4), "another function");
        File.Copy(file, _folder["copy.jsonl"]);
        file = _folder["copy.jsonl"];
        Map("lengths 1");
        Assert.That(runs, Is.EqualTo(4), "the same content in another place");
        File.AppendAllText(file, "\n" + """{"text": "", "n": 3}""");
        Map("lengths 1");
        Assert.That(runs, Is.EqualTo(7), "other content");

        IDataset Map(string fingerprint) => DatasetFiles.Load([file]).Map(
            row =>
            {
                runs++;
                var text = row["text"].Text;
                int[] codes = [.. text.Select(c => (int)c)];
                return new DataRow(["text", "length", "codes", "half", "odd"],
                [
                    Feature.Of(text), Feature.Of((long)text.Length), Feature.Of(codes, 0, codes.Length), Feature.Of(text.Length / 2.0),
                    Feature.Of(text.Length % 2 == 1),
                ]);
            },
            fingerprint, cache);
    }

    [Test]
    public void A_broken_file_is_told_of_and_made_anew()
    {
        var warnings = new List<string>();
        var cache = new DatasetCache(_folder["cache"]) { Warn = warnings.Add };
        var made = new ColumnDataset(1, ("n", new WholeNumbersColumn([7])));
        cache.GetOrAdd("key", () => made);
        var kept = Directory.GetFiles(_folder["cache"]).Single();
        foreach (var damage in new Action<byte[]>[] { bytes => bytes[^1] ^= 1, bytes => bytes[0] ^= 1, bytes => bytes[60] ^= 1 })
        {
            var bytes = File.ReadAllBytes(kept);
            damage(bytes);
            File.WriteAllBytes(kept, bytes);
            Assert.That(cache.GetOrAdd("key", () => made)[0, "n"].Int, Is.EqualTo(7));
            Assert.That(warnings[^1], Does.Contain("key.safetensors cannot be used and is made anew"));
        }
        Assert.That(cache.GetOrAdd("key", () => throw new InvalidOperationException())[0, "n"].Int, Is.EqualTo(7), "it is whole again");
        Assert.That(warnings, Has.Count.EqualTo(3));
        var again = new DatasetCache(_folder["cache"]) { Overwrites = true };
        Assert.That(() => again.GetOrAdd("key", () => throw new InvalidOperationException()), Throws.InvalidOperationException);
    }

    [Test]
    public void Text_is_tokenized_once()
    {
        var goldens = Path.Combine(AppContext.BaseDirectory, "Goldens", "data");
        var bpe = Tokenizer.FromPretrained(Path.Combine(goldens, "bytelevel-bpe"));
        var file = Path.Combine(goldens, "text-train.txt");
        var alone = TextDataset.Load("train_file", [file], new() { Tokenizer = bpe, BlockSize = 32 });
        var options = new TextDatasetOptions
        {
            Tokenizer = bpe, BlockSize = 32, SmallestCached = 0, Cache = new DatasetCache(_folder["cache"]),
        };
        Assert.That(Show(TextDataset.Load("train_file", [file], options)), Is.EqualTo(Show(alone)));
        var kept = new FileInfo(Directory.GetFiles(_folder["cache"]).Single());
        var written = kept.LastWriteTimeUtc;
        Assert.That(Show(TextDataset.Load("train_file", [file], options)), Is.EqualTo(Show(alone)));
        Assert.That(TextDataset.Load("train_file", [file], options with { BlockSize = 16 }).Count, Is.GreaterThan(alone.Count));
        Assert.That(Directory.GetFiles(_folder["cache"]), Has.Length.EqualTo(1), "tokens are kept, not blocks");
        Assert.That(() => TextDataset.Load("train_file", [file], options with { VocabSize = 100 }),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains("expected ids below vocab_size 100"));
        kept.Refresh();
        Assert.That(kept.LastWriteTimeUtc, Is.EqualTo(written));
        TextDataset.Load("train_file", [file], options with { SmallestCached = long.MaxValue, Cache = new DatasetCache(_folder["other"]) });
        Assert.That(Directory.Exists(_folder["other"]), Is.False, "small files are not kept");
    }

    private static string Show(IDataset rows) => string.Join('\n', Enumerable.Range(0, rows.Count).Select(
        row => string.Join('|', rows.Columns.Select(c => rows[row, c] switch
        {
            { Kind: FeatureKind.Ints } ints => string.Join(',', ints.Ints.ToArray()),
            { Kind: FeatureKind.Text } text => text.Text,
            var number => PythonText.Float(number.Number),
        }))));

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }
}
