using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Commands;

/// <summary>Continues a prompt and writes the text while it comes.</summary>
internal sealed class TextGenerator(PreTrainedModel model, ITokenizer tokenizer)
{
    private const int DefaultNewTokens = 200;

    /// <summary>How to generate; null leaves it to the model's generation_config.json.</summary>
    internal sealed record Options(
        int? MaxNewTokens = null, bool? DoSample = null, double? Temperature = null, int? TopK = null, double? TopP = null,
            ulong? Seed = null)
    {
        /// <summary>What the others change; the model's where null.</summary>
        public GenerationConfig? Base { get; init; }

        /// <summary>Options by their names in generation_config.json.</summary>
        public IReadOnlyDictionary<string, object?> Others { get; init; } = new Dictionary<string, object?>();
    }

    /// <summary>Writes the prompt and what follows.</summary>
    /// <exception cref="InvalidArgumentException">The prompt is empty or too long for the model.</exception>
    public void Write(string prompt, Options options, TextWriter writer, CancellationToken cancellation)
    {
        var ids = Encode(prompt);
        var config = Configure(options, ids.Length);
        if (model is not ISeq2SeqLanguageModel) writer.Write(prompt);
        writer.Flush();
        if (config.NumBeams > 1)
        {
            writer.WriteLine(tokenizer.Decode(BestBeam(ids, config, cancellation)));
            return;
        }
        var stream = new TextStream(tokenizer);
        foreach (var id in model.GenerateStream(ids, config, CommandLine.Warn, cancellation))
        {
            writer.Write(stream.Add(id));
            writer.Flush();
        }
        writer.WriteLine(stream.Finish());
    }

    /// <summary>Checks what <see cref="Write"/> would refuse.</summary>
    /// <exception cref="InvalidArgumentException">The prompt is empty or too long for the model.</exception>
    public void Check(string prompt, Options options) => Configure(options, Encode(prompt).Length);

    // Beams are known at their end.
    private int[] BestBeam(int[] ids, GenerationConfig config, CancellationToken cancellation)
    {
        var inputs = new GenerateInputs(Tensor.From([.. ids.Select(id => (long)id)], [1, ids.Length])) { Warn = CommandLine.Warn };
        var output = model.Generate(inputs, config, cancellation);
        return [.. output.Sequences.ToArray<long>()[output.PromptLength..].Select(id => (int)id)];
    }

    private int[] Encode(string prompt) => tokenizer.Encode(prompt) is { Length: > 0 } ids ? ids : [FirstToken()];

    private int FirstToken() => tokenizer.SpecialTokens.Bos?.Id ?? model.GenerationConfig?.BosTokenId
        ?? throw new InvalidArgumentException("prompt", "is empty, expected some text: the tokenizer has no token that begins one");

    private GenerationConfig Configure(Options options, int promptLength)
    {
        var config = (options.Base ?? model.GenerationConfig)?.Clone() ?? new GenerationConfig();
        config.Update(options.Others);
        if (!options.Others.ContainsKey("max_length") || options.Others.ContainsKey("max_new_tokens"))
        {
            config.MaxNewTokens = NewTokens(options.MaxNewTokens ?? AsInt(options.Others.GetValueOrDefault("max_new_tokens")), promptLength);
        }
        if (options.DoSample is { } sample) config.DoSample = sample;
        if (options.Temperature is { } temperature) config.Temperature = temperature;
        if (options.TopK is { } topK) config.TopK = topK;
        if (options.TopP is { } topP) config.TopP = topP;
        if (options.Seed is { } seed) config.Seed = seed;
        if (config.NumReturnSequences > 1)
            throw new InvalidArgumentException(
                "num_return_sequences", $"is {config.NumReturnSequences}, expected 1 for a text; set prompt_file for several");
        config.Validate();
        return config;
    }

    private static int? AsInt(object? value) => value is long whole ? (int)Math.Clamp(whole, int.MinValue, int.MaxValue) : null;

    private int NewTokens(int? asked, int promptLength)
    {
        if (asked < 1) throw new InvalidArgumentException("max_new_tokens", $"is {asked}, expected a whole number from 1 up");
        if (model.Config.MaxPositions is not { } positions) return asked ?? DefaultNewTokens;
        var room = positions - promptLength;
        if (room < 1) throw new InvalidArgumentException("prompt",
            $"has {promptLength} tokens, expected fewer than the model's {positions} positions");
        if (asked > room)
            throw new InvalidArgumentException(
                "max_new_tokens", $"is {asked}, expected at most {room}: {positions} positions less {promptLength} tokens of prompt");
        return asked ?? Math.Min(DefaultNewTokens, room);
    }
}
