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

    [TestCase("model", "BPE2")]
    [TestCase("normalizer", "ByteLevel")]
    [TestCase("pre_tokenizer", "UnicodeScripts")]
    [TestCase("post_processor", "Other")]
    [TestCase("decoder", "DecodeStream")]
    public void Unknown_types_are_refused_by_name(string part, string type)
    {
        var json = ByteTokenizer();
        json[part] = new JsonObject { ["type"] = type };
        Assert.That(() => Load(json),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("tokenizer.json").And.Message.Contains($"{part} is {type}"));

        var list = part switch { "normalizer" => "normalizers", "pre_tokenizer" => "pretokenizers", "decoder" => "decoders", _ => "processors" };
        if (part == "model") return;
        json[part] = new JsonObject { ["type"] = "Sequence", [list] = new JsonArray(new JsonObject { ["type"] = type }) };
        Assert.That(() => Load(json), Throws.TypeOf<NotSupportedException>().With.Message.Contains($"{part}.{list}[0] is {type}"));
    }

    [Test]
    public void Dropout_is_refused_by_name()
    {
        var json = ByteTokenizer();
        json["model"]!["dropout"] = 0.1;
        Assert.That(() => Load(json), Throws.TypeOf<NotSupportedException>().With.Message.Contains("model.dropout is 0.1"));
    }

    [Test]
    public void Broken_files_are_named()
    {
        var json = ByteTokenizer();
        json["model"]!["merges"] = new JsonArray("a b");
        Assert.That(() => Load(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains("merge 'a b'"));

        json = ByteTokenizer();
        json["pre_tokenizer"]!["add_prefix_space"] = "yes";
        Assert.That(() => Load(json), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("tokenizer.json: pre_tokenizer.add_prefix_space is \"yes\", expected true or false"));

        json = ByteTokenizer();
        json["normalizer"] = JsonNode.Parse("""{"type": "Replace", "pattern": {"Regex": "(a"}, "content": "b"}""");
        Assert.That(() => Load(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains("normalizer.pattern").And.Message.Contains("(a"));

        json = ByteTokenizer();
        json["normalizer"] = JsonNode.Parse("""{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""");
        Assert.That(() => Load(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains("normalizer.precompiled_charsmap"));

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
