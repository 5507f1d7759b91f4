using NativeTrainer.Cli.Commands;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tests;

/// <summary>Prompts and lengths that fit the model or are refused.</summary>
public class TextGeneratorTests
{
    private readonly ITokenizer _tokenizer = Tokenizer.FromPretrained(Path.Combine(Command.Goldens, "bytelevel-bpe"));
    private static readonly Dictionary<string, object?> Several = new() { ["num_return_sequences"] = 2L, ["do_sample"] = true };
    private readonly PreTrainedModel _model;

    public TextGeneratorTests()
    {
        var config = AutoModel.ConfigFromPretrained(Path.Combine(Command.Goldens, "gpt2-tiny"));
        config.UpdateFromString("vocab_size=512,n_layer=1,n_embd=8,n_head=2");
        _model = AutoModel.FromConfig(config, AutoModel.CausalLanguageModel);
        _model.Eval();
    }

    [Test]
    public void Writes_the_prompt_and_as_many_tokens_as_asked_for()
    {
        string Generate(int tokens)
        {
            var writer = new StringWriter();
            var options = new TextGenerator.Options(tokens, DoSample: true, Seed: 3);
            new TextGenerator(_model, _tokenizer).Write("Speak, ", options, writer, default);
            return writer.ToString();
        }
        var five = Generate(5).TrimEnd('\n');
        Assert.That(five, Does.StartWith("Speak, "));
        Assert.That(Generate(9), Does.StartWith(five.TrimEnd('\uFFFD')), "the same seed begins with the same tokens");
    }

    [Test]
    public void Writes_the_best_beam()
    {
        var writer = new StringWriter();
        var options = new TextGenerator.Options(4) { Others = new Dictionary<string, object?> { ["num_beams"] = 3L } };
        new TextGenerator(_model, _tokenizer).Write("Speak, ", options, writer, default);
        Assert.That(writer.ToString(), Does.StartWith("Speak, ").And.EndsWith("\n"));
    }

    [Test]
    public void Refuses_what_the_model_has_no_positions_for()
    {
        var generator = new TextGenerator(_model, _tokenizer);
        var longest = string.Concat(Enumerable.Repeat("q", 63)); // 63 of 64 positions
        Assert.Multiple(() =>
        {
            Assert.That(() => generator.Check(longest, new(MaxNewTokens: 1)), Throws.Nothing);
            Assert.That(() => generator.Check(longest, new()), Throws.Nothing, "a default length makes do with what is left");
            Refused(longest, new(MaxNewTokens: 2), "max_new_tokens is 2, expected at most 1: 64 positions less 63 tokens of prompt");
            Refused(longest + "q", new(), "prompt has 64 tokens, expected fewer than the model's 64 positions");
            Refused("q", new(DoSample: true, Temperature: -1), "temperature");
            Refused("q", new() { Others = Several }, "num_return_sequences is 2, expected 1 for a text");
        });

        void Refused(string prompt, TextGenerator.Options options, string expected)
        {
            var error = Assert.Catch(() => generator.Check(prompt, options))!;
            Assert.That(error.Message, Does.Contain(expected));
            Assert.That(CommandLine.IsBadInput(error));
        }
    }
}
