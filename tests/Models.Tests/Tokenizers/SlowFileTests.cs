using System.Text;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Models.Tests.Tokenizers;

/// <summary>Folders without a tokenizer.json: sentencepiece models are written here by hand, BERT's vocab.txt is that of the goldens.</summary>
public class SlowFileTests
{
    [Test]
    public void Bert_from_vocab_txt_is_Bert_from_tokenizer_json()
    {
        using var folder = new TemporaryFolder();
        var golden = Path.Combine(AppContext.BaseDirectory, "Goldens", "tokenizers", "wordpiece");
        File.Copy(Path.Combine(golden, "vocab.txt"), folder["vocab.txt"]);
        var (slow, fast) = (Tokenizer.FromPretrained(folder.Path), Tokenizer.FromPretrained(golden));
        foreach (var text in new[] { "Café NAÏVE 漢字 [MASK] isn't", "", "free money!!!" })
        {
            Assert.That(slow.Encode(text), Is.EqualTo(fast.Encode(text)), text);
            var pair = ((EncodingInput)(text, "second"), new EncodingOptions());
            Assert.That(slow.Encode(pair.Item1, pair.Item2).TypeIds, Is.EqualTo(fast.Encode(pair.Item1, pair.Item2).TypeIds), text);
        }
    }

    [Test]
    public void T5_from_spiece_model()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["spiece.model"], Model(1, unkId: 2,
            ("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("\u2581", -3, 1), ("\u2581ab", -1, 1), ("a", -4, 1), ("b", -4, 1), ("c", -2.5f, 1)));
        var tokenizer = Tokenizer.FromPretrained(folder.Path);
        Assert.That(tokenizer.Length, Is.EqualTo(108));
        Assert.That(tokenizer.Encode("ab  cab"), Is.EqualTo(new[] { 4, 3, 7, 5, 6, 1 }));
        Assert.That(tokenizer.Encode("ab <extra_id_0> zzc"), Is.EqualTo(new[] { 4, 107, 3, 2, 7, 1 }));
        Assert.That(tokenizer.Decode([4, 3, 7, 1], skipSpecialTokens: true), Is.EqualTo("ab c"));
        Assert.That(tokenizer.SpecialTokens.Pad, Is.EqualTo(new SpecialToken("<pad>", 0)));
    }

    [Test]
    public void Llama_from_tokenizer_model()
    {
        using var folder = new TemporaryFolder();
        (string, float, int)[] pieces = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3),
            .. Enumerable.Range(0, 256).Select(b => ($"<0x{b:X2}>", 0f, 6)),
            ("\u2581a", -1, 1), ("bc", -2, 1), ("\u2581abc", -3, 1), ("\u2581", -4, 1), ("a", -5, 1), ("b", -6, 1), ("c", -7, 1)];
        File.WriteAllBytes(folder["tokenizer.model"], Model(2, unkId: 0, pieces));
        var tokenizer = Tokenizer.FromPretrained(folder.Path);
        Assert.That(tokenizer.Encode("abc b"), Is.EqualTo(new[] { 1, 261, 262, 264 }));
        Assert.That(tokenizer.Encode("aé", addSpecialTokens: false), Is.EqualTo(new[] { 259, 3 + 0xC3, 3 + 0xA9 }));
        Assert.That(tokenizer.Decode([1, 261, 262, 264, 3 + 0xC3, 3 + 0xA9], skipSpecialTokens: true), Is.EqualTo("abc bé"));
        var stream = new TextStream(tokenizer);
        Assert.That(string.Concat(new[] { 1, 261, 262, 264, 3 + 0xC3, 3 + 0xA9 }.Select(stream.Add)) + stream.Finish(), Is.EqualTo("abc bé"));
        Assert.That(tokenizer.Encode("aé", new EncodingOptions()).Offsets, Is.EqualTo(new[] { (0, 0), (0, 1), (1, 2), (1, 2) }));
    }

    [Test]
    public void Broken_models_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["spiece.model"], [0x0A, 0x7F, 1]);
        Assert.That(() => Tokenizer.FromPretrained(folder.Path), Throws.TypeOf<InvalidDataException>().With.Message.Contains("spiece.model"));
    }

    [Test]
    public void Bytes_come_back([Random(0, 1000, 5)] int seed)
    {
        var tokenizer = Tokenizer.FromPretrained(Path.Combine(AppContext.BaseDirectory, "Goldens", "tokenizers", "bytelevel-bpe"));
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(40); n > 0; n--)
            {
                var point = random.Next(4) switch { 0 => random.Next(128), 1 => random.Next(0x300), 2 => random.Next(0xD800), _ => 0x1F300 + random.Next(600) };
                text.Append(new Rune(point));
            }
            var whole = text.ToString();
            var encoding = tokenizer.Encode(whole, new EncodingOptions());
            Assert.That(tokenizer.Decode(tokenizer.Encode(whole), cleanUpTokenizationSpaces: false), Is.EqualTo(whole));
            Assert.That(encoding.Ids, Is.EqualTo(tokenizer.Encode(whole)));
        }
    }

    /// <summary>A ModelProto: pieces (1: piece 1, score 2, type 3) and trainer_spec (2: model_type 3, unk_id 40).</summary>
    private static byte[] Model(int kind, int unkId, params (string Piece, float Score, int Type)[] pieces)
    {
        var model = new List<byte>();
        foreach (var (piece, score, type) in pieces)
        {
            var text = Encoding.UTF8.GetBytes(piece);
            byte[] body = [0x0A, (byte)text.Length, .. text, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)type];
            model.AddRange([0x0A, (byte)body.Length, .. body]);
        }
        model.AddRange([0x12, 5, 0x18, (byte)kind, 0xC0, 0x02, (byte)unkId]);
        return [.. model];
    }
}
