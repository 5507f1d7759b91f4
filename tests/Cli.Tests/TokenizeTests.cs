using System.Text.Json;

namespace NativeTrainer.Cli.Tests;

/// <summary><c>nativetrainer train-tokenizer</c> and <c>nativetrainer tokenize</c>, one after the other.</summary>
public class TokenizeTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(_folder, "corpus.txt"), string.Concat(Enumerable.Repeat("the cat sat on the mat\nand thé 😀 sat\n", 20)));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Trains_and_tokenizes()
    {
        var (code, output, error) = Command.Run(_folder, "train-tokenizer", "--train_file", "corpus.txt", "--vocab_size", "275",
            "--min_frequency", "5", "--output_dir", "bpe");
        Assert.That((code, error), Is.EqualTo((0, "")), output);
        File.WriteAllText(Path.Combine(_folder, "texts.jsonl"), """{"text": "the 😀 cat"}""" + "\n" + """{"text": "", "text_pair": "cat"}""" + "\n");
        (code, output, error) = Command.Run(_folder, "tokenize", "--tokenizer_name", "bpe", "--text_file", "texts.jsonl", "--padding", "true",
            "--return_attention_mask");
        Assert.That((code, error), Is.EqualTo((0, "")));
        var rows = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That(rows, Has.Count.EqualTo(2));
        Assert.That(rows[0].EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "input_ids", "attention_mask", "tokens", "offsets" }));
        Assert.That(string.Concat(rows[0].GetProperty("tokens").Deserialize<string[]>()!), Is.EqualTo("theĠðŁĺĢĠcat"));
        Assert.That(rows[0].GetProperty("offsets").Deserialize<int[][]>()![^1], Is.EqualTo(new[] { 5, 9 })); // code points
        Assert.That(rows[1].GetProperty("input_ids").GetArrayLength(), Is.EqualTo(rows[0].GetProperty("input_ids").GetArrayLength()));
        Assert.That(rows[1].GetProperty("attention_mask").Deserialize<int[]>()![^1], Is.Zero);
    }

    [Test]
    public void Bad_input_is_one_line_that_names_it()
    {
        Command.Run(_folder, "train-tokenizer", "--train_file", "corpus.txt", "--model_type", "wordpiece", "--vocab_size", "60", "--output_dir", "wp");
        File.WriteAllText(Path.Combine(_folder, "texts.jsonl"), """{"text": "the cat", "text_pair": "a"}""" + "\n" + """{"label": 1}""" + "\n");
        Assert.Multiple(() =>
        {
            Fails("texts.jsonl:2: row 1 has no text", "tokenize", "--tokenizer_name", "wp", "--text_file", "texts.jsonl");
            Fails("tokenizer_name is \"nowhere\"", "tokenize", "--tokenizer_name", "nowhere", "--text_file", "corpus.txt");
            Fails("corpus.txt:1: row 0: truncation is only_second", "tokenize", "--tokenizer_name", "wp", "--text_file", "corpus.txt",
                "--truncation", "only_second", "--max_length", "4");
            Fails("vocab_size is 100, expected 257", "train-tokenizer", "--train_file", "corpus.txt", "--vocab_size", "100", "--output_dir", "x");
            Fails("add_prefix_space", "train-tokenizer", "--model_type", "wordpiece", "--add_prefix_space", "--train_file", "corpus.txt",
                "--output_dir", "x");
        });
        Assert.That(Directory.Exists(Path.Combine(_folder, "x")), Is.False);
    }

    private void Fails(string expected, params string[] words)
    {
        var (code, output, error) = Command.Run(_folder, words);
        Assert.That((code, output), Is.EqualTo((2, "")), error);
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(error, Does.Contain(expected));
    }
}
