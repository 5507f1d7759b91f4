using System.Text.Json.Nodes;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Models.Tests.Tokenizers;

/// <summary>What a tokenizer folder may hold, and what is refused by name.</summary>
public class TokenizerLoadingTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Without_merges_every_byte_is_a_token()
    {
        var tokenizer = Load(ByteTokenizer());
        Assert.That(tokenizer.Encode("aé\n"), Is.EqualTo(new[] { 'a', 0xC3, 0xA9, '\n' }));
        Assert.That(tokenizer.Decode([0xC3, 0xA9, 'a', 0xC3]), Is.EqualTo("éa\uFFFD"));
    }

    [Test]
    public void Saves_what_it_read()
    {
        var tokenizer = Load(ByteTokenizer(),
            """{"bos_token": null, "eos_token": "<end>", "model_max_length": 1000000000000000019884624838656}""");
        tokenizer.SavePretrained(Path.Combine(_folder, "saved"));
        var again = Tokenizer.FromPretrained(Path.Combine(_folder, "saved"));
        Assert.That(again.Encode("one<end>two"), Is.EqualTo(tokenizer.Encode("one<end>two")));
        Assert.That(File.ReadAllBytes(Path.Combine(_folder, "saved", "tokenizer.json")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder, "tokenizer.json"))));
        Assert.That((again.SpecialTokens.Eos, again.SpecialTokens.Bos, again.ModelMaxLength),
            Is.EqualTo((new SpecialToken("<end>", 256), (SpecialToken?)null, (int?)null)));
    }

    [Test]
    public void Added_tokens_are_found_leftmost_and_longest_with_their_flags()
    {
        var json = ByteTokenizer();
        json["added_tokens"] = new JsonArray(
            Added(256, "<a>"), Added(257, "<a><b>"), Added(258, "word", ("single_word", true)), Added(259, "<l>", ("lstrip", true)),
                Added(260, "<r>", ("rstrip", true)));
        var tokenizer = Load(json);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Encode("<a><a><b>x"), Is.EqualTo(new[] { 256, 257, 'x' }));
            Assert.That(tokenizer.Encode("word"), Is.EqualTo(new[] { 258 }));
            Assert.That(tokenizer.Encode("sword.word"), Is.EqualTo(new[] { 's', 'w', 'o', 'r', 'd', '.', 258 }));
            Assert.That(tokenizer.Encode("x \n<l> y"), Is.EqualTo(new[] { 'x', 259, ' ', 'y' }));
            Assert.That(tokenizer.Encode("x <r> \ny"), Is.EqualTo(new[] { 'x', ' ', 260, 'y' }));
            Assert.That(tokenizer.Length, Is.EqualTo(261));
            Assert.That(tokenizer.VocabSize, Is.EqualTo(256));
        });
    }

    [Test]
    public void A_prefix_space_goes_before_each_part()
    {
        var json = ByteTokenizer();
        json["pre_tokenizer"]!["add_prefix_space"] = true;
        Assert.That(Load(json).Encode("a b"), Is.EqualTo(new[] { ' ', 'a', ' ', 'b' }));
        Assert.That(Load(json).Encode(" a"), Is.EqualTo(new[] { ' ', 'a' }));
    }

    [TestCase("model", "WordPiece")]
    [TestCase("normalizer", "NFC")]
    [TestCase("pre_tokenizer", "Metaspace")]
    [TestCase("post_processor", "TemplateProcessing")]
    [TestCase("decoder", "WordPiece")]
    public void Other_kinds_are_refused_by_name(string part, string type)
    {
        var json = ByteTokenizer();
        json[part] = new JsonObject { ["type"] = type };
        Assert.That(() => Load(json),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("tokenizer.json").And.Message.Contains($"{part} is {type}"));
    }

    [TestCase("dropout", "0.1")]
    [TestCase("byte_fallback", "true")]
    [TestCase("ignore_merges", "true")]
    [TestCase("end_of_word_suffix", "\"</w>\"")]
    public void Options_that_change_ids_are_refused_by_name(string option, string value)
    {
        var json = ByteTokenizer();
        json["model"]![option] = JsonNode.Parse(value);
        Assert.That(() => Load(json), Throws.TypeOf<NotSupportedException>().With.Message.Contains("model." + option));
    }

    [Test]
    public void Broken_files_are_named()
    {
        var json = ByteTokenizer();
        json["model"]!["vocab"]!.AsObject().Remove("a");
        Assert.That(() => Load(json),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("tokenizer.json").And.Message.Contains("byte 0x61"));

        json = ByteTokenizer();
        json["model"]!["merges"] = new JsonArray("a b");
        Assert.That(() => Load(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains("merge 'a b'"));

        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), "{");
        Assert.That(() => Tokenizer.FromPretrained(_folder), Throws.TypeOf<InvalidDataException>().With.Message.Contains("tokenizer.json"));

        File.Delete(Path.Combine(_folder, "tokenizer.json"));
        Assert.That(() => Tokenizer.FromPretrained(_folder), Throws.TypeOf<FileNotFoundException>().With.Message.Contains(_folder));
        Assert.That(() => Tokenizer.FromPretrained(_folder + "x"),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains(_folder + "x"));
    }

    private static JsonObject Added(int id, string content, params (string Name, bool Value)[] flags)
    {
        var token = new JsonObject { ["id"] = id, ["content"] = content, ["special"] = true };
        foreach (var (name, value) in flags) token[name] = value;
        return token;
    }

    /// <summary>A tokenizer.json whose tokens are the bytes, and no merge.</summary>
    private static JsonObject ByteTokenizer()
    {
        var vocabulary = new JsonObject();
        for (var b = 0; b < 256; b++) vocabulary[ByteLevel.Character((byte)b).ToString()] = b;
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    private ITokenizer Load(JsonObject json, string config = "{}")
    {
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), json.ToJsonString());
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), config);
        return Tokenizer.FromPretrained(_folder);
    }
}
