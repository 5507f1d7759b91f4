using System.Text;
using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Models.Tests.Tokenizers;

/// <summary>
/// Trained tokenizers against those that Hugging Face trained on the same text. The words of the texts, with their counts, were cut by a
/// script of its own (Python's re and unicodedata), not by this library.
/// </summary>
public class TokenizerTrainingTests
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens", "tokenizers");

    [Test]
    public void Byte_level_BPE_learns_what_Hugging_Face_learns()
    {
        var trained = TokenizerTrainer.Learn(Words("bytelevel-bpe"), new() { VocabSize = 512 });
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Goldens, "bytelevel-bpe", "tokenizer.json")));
        var model = golden.RootElement.GetProperty("model");
        Assert.That(trained.Tokens, Is.EqualTo(model.GetProperty("vocab").EnumerateObject().Select(token => token.Name)));
        Assert.That(trained.Merges.Select(m => $"{trained.Tokens[m.Left]} {trained.Tokens[m.Right]}"),
            Is.EqualTo(model.GetProperty("merges").Deserialize<string[]>()));
        var files = new TokenizerWriter(new() { VocabSize = 512, ModelMaxLength = 64 }, trained).Files();
        Assert.Multiple(() =>
        {
            foreach (var (name, text) in files)
                Assert.That(text, Is.EqualTo(File.ReadAllText(Path.Combine(Goldens, "bytelevel-bpe", name))), name);
        });
    }

    [Test]
    public void WordPiece_learns_what_Hugging_Face_learns()
    {
        var golden = File.ReadAllLines(Path.Combine(Goldens, "wordpiece", "vocab.txt"));
        // Hugging Face gives the characters that go on ids in the order of a hash table, another each time.
        var continuing = golden.Where(token => token.Length == 3 && token.StartsWith("##", StringComparison.Ordinal)).Select(token => token[2..]);
        var options = new TokenizerTrainingOptions { Kind = TokenizerKind.WordPiece, VocabSize = 1000, ModelMaxLength = 64 };
        var trained = TokenizerTrainer.Learn(Words("wordpiece"), options, continuing);
        Assert.That(trained.Tokens, Is.EqualTo(golden));
        Assert.Multiple(() =>
        {
            foreach (var (name, text) in new TokenizerWriter(options, trained).Files())
                Assert.That(text, Is.EqualTo(File.ReadAllText(Path.Combine(Goldens, "wordpiece", name))), name);
        });
        Assert.That(TokenizerTrainer.Learn(Words("wordpiece"), options).Tokens.Order(), Is.EqualTo(golden.Order()));
    }

    [Test]
    public void The_whole_way_from_texts_to_a_folder()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["low low low low low", "lower lower newest newest newest", "newest newest newest widest widest widest"];
        var tokenizer = TokenizerTrainer.Train(texts, folder.Path, new() { VocabSize = 270, SpecialTokens = ["<s>", "</s>"] });
        Assert.That(Enumerable.Range(258, 6).Select(tokenizer.IdToToken), Is.EqualTo(new[] { "es", "est", "lo", "low", "ew", "new" }));
        Assert.That(tokenizer.SpecialTokens.Eos, Is.EqualTo(new SpecialToken("</s>", 1)));
        Assert.That(tokenizer.Decode(tokenizer.Encode("the newest 😀</s>")), Is.EqualTo("the newest 😀</s>"));
        Assert.That(() => TokenizerTrainer.Train([], folder.Path), Throws.ArgumentException.With.Message.Contains("no words"));
        Assert.That(() => TokenizerTrainer.Train(texts, folder.Path, new() { VocabSize = 100 }),
            Throws.ArgumentException.With.Message.Contains("vocab_size is 100, expected 257 or more"));
    }

    [Test]
    public void Counting_does_not_depend_on_threads()
    {
        var random = new Random(1);
        var texts = Enumerable.Range(0, 400).Select(_ => string.Join(' ', Enumerable.Range(0, 300).Select(_ => $"w{random.Next(50)}"))).ToList();
        var counter = new WordCounter(null, new ByteLevelPreTokenizer(false, true));
        var counts = counter.Count(texts);
        Assert.That(counter.Count(texts), Is.EqualTo(counts));
        Assert.That(counts.Sum(word => word.Count), Is.EqualTo(2 * 400 * 300)); // a word and a number each
    }

    private static List<(string, long)> Words(string name) => [.. File.ReadLines(Path.Combine(Goldens, name + ".words.txt"), Encoding.UTF8)
        .Select(line => line.Split(' ')).Select(parts => (parts[0], long.Parse(parts[1])))];
}
