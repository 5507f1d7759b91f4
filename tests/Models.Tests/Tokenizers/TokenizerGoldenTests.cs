using System.Text;
using System.Text.Json;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Models.Tests.Tokenizers;

/// <summary>Ids and decoded text of Hugging Face's tokenizers for 129 texts that tokenizers trip over.</summary>
public class TokenizerGoldenTests
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens", "tokenizers");
    private static readonly Lazy<string> Gpt2Folder = new(MakeGpt2Folder);

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    public void Describes_itself(string name)
    {
        var tokenizer = Load(name);
        var golden = Rows(name, "tokenizer").Single();
        var ids = golden.GetProperty("special_ids");
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.VocabSize, Is.EqualTo(golden.GetProperty("vocab_size").GetInt32()));
            Assert.That(tokenizer.Length, Is.EqualTo(golden.GetProperty("len").GetInt32()));
            Assert.That(tokenizer.ModelMaxLength,
                Is.EqualTo(golden.GetProperty("model_max_length") is { ValueKind: JsonValueKind.Number } n ? n.GetInt32() : (int?)null));
            Assert.That(tokenizer.SpecialTokens.Bos?.Id, Is.EqualTo(ids.GetProperty("bos_token").GetInt32()));
            Assert.That(tokenizer.SpecialTokens.Eos?.Id, Is.EqualTo(ids.GetProperty("eos_token").GetInt32()));
            Assert.That(tokenizer.SpecialTokens.Unk?.Id, Is.EqualTo(ids.GetProperty("unk_token").GetInt32()));
            Assert.That(tokenizer.SpecialTokens.Pad?.Id,
                Is.EqualTo(ids.TryGetProperty("pad_token", out var pad) ? pad.GetInt32() : (int?)null));
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    public void Encodes_as_Hugging_Face(string name)
    {
        var tokenizer = Load(name);
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "text"))
            {
                var text = row.GetProperty("text").GetString()!;
                Assert.That(tokenizer.Encode(text), Is.EqualTo(Ids(row)), $"ids of {row.GetProperty("text").GetRawText()}");
                var tokens = row.GetProperty("tokens").EnumerateArray().Select(t => t.GetString());
                Assert.That(Ids(row).Select(tokenizer.IdToToken), Is.EqualTo(tokens), $"tokens of {row.GetProperty("text").GetRawText()}");
            }
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    public void Decodes_as_Hugging_Face(string name)
    {
        var tokenizer = Load(name);
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "text"))
            {
                foreach (var (key, skip, clean) in new[] { ("decoded", false, false), ("decoded_skip", true, false),
                    ("decoded_clean", false, true), ("decoded_skip_clean", true, true) })
                {
                    var expected = row.TryGetProperty(key, out var own) ? own : row.GetProperty("decoded");
                    Assert.That(tokenizer.Decode(Ids(row), skip, clean), Is.EqualTo(expected.GetString()),
                        $"{key} of {row.GetProperty("text").GetRawText()}");
                }
            }
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    public void A_stream_gives_the_whole_text_and_no_half_characters(string name)
    {
        var tokenizer = Load(name);
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "text"))
            {
                var stream = new TextStream(tokenizer, skipSpecialTokens: false);
                var pieces = Ids(row).Select(stream.Add).ToList();
                pieces.Add(stream.Finish());
                var decoded = row.GetProperty("decoded").GetString()!;
                Assert.That(string.Concat(pieces), Is.EqualTo(decoded));
                if (!decoded.Contains('\uFFFD')) Assert.That(pieces, Has.None.Contains("\uFFFD"), row.GetProperty("text").GetRawText());
            }
        });
    }

    private static ITokenizer Load(string name) =>
        Tokenizer.FromPretrained(name == "gpt2" ? Gpt2Folder.Value : Path.Combine(Goldens, name));

    private static int[] Ids(JsonElement row) => [.. row.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];

    private static IEnumerable<JsonElement> Rows(string name, string kind) => File.ReadLines(Path.Combine(Goldens, name + ".golden.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(row => row.GetProperty("kind").GetString() == kind);

    /// <summary>
    /// GPT-2's vocabulary follows from its merges: bytes in the order of their characters, then the merges' tokens, then the end of text.
    /// </summary>
    private static string MakeGpt2Folder()
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "gpt2-tokenizer");
        Directory.CreateDirectory(folder);
        var merges = File.ReadAllLines(Path.Combine(Goldens, "gpt2", "merges.txt"));
        var bytes = Enumerable.Range(0, 256).Select(b => ByteLevel.Character((byte)b)).Order().Select(c => c.ToString());
        var tokens = bytes.Concat(merges.Skip(1).Where(m => m.Length > 0).Select(m => m.Replace(" ", ""))).Append("<|endoftext|>");
        var vocabulary = string.Join(",\n", tokens.Select((t, i) => $"\"{JsonEncodedText.Encode(t)}\": {i}"));
        File.WriteAllText(Path.Combine(folder, "vocab.json"), "{" + vocabulary + "}", new UTF8Encoding(false));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), merges);
        return folder;
    }
}
