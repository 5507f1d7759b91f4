namespace NativeTrainer.Cli.Arguments;

/// <summary>Which model continues which prompt, and how: the names of Hugging Face's generation configuration.</summary>
internal sealed class GenerateArguments : IArgumentGroup
{
    private const string Category = "generate";

    private static readonly ArgumentTable<GenerateArguments> Table = new(new())
    {
        { "model_name_or_path", Category, a => a.ModelNameOrPath, (a, v) => a.ModelNameOrPath = v, "Folder with the model.", true },
        { "prompt", Category, a => a.Prompt, (a, v) => a.Prompt = v, "Text to go on with; unset: standard input, if that is no terminal." },
        { "tokenizer_name", Category, a => a.TokenizerName, (a, v) => a.TokenizerName = v,
          "Folder with the tokenizer, if it is another than the model's." },
        { "max_new_tokens", Category, a => a.MaxNewTokens, (a, v) => a.MaxNewTokens = v,
          "Tokens to add; unset: 200, or as many as the model has positions for." },
        { "do_sample", Category, a => a.DoSample, (a, v) => a.DoSample = v, "Draw tokens at random instead of taking the likeliest." },
        { "temperature", Category, a => a.Temperature, (a, v) => a.Temperature = v, "What scores are divided by before drawing." },
        { "top_k", Category, a => a.TopK, (a, v) => a.TopK = v, "Draw from this many of the likeliest tokens; 0: from all." },
        { "top_p", Category, a => a.TopP, (a, v) => a.TopP = v, "Draw from the likeliest tokens that together have this probability." },
        { "seed", Category, a => a.Seed, (a, v) => a.Seed = v, "Seed of the draws; unset: another text each time." },
    };

    public string ModelNameOrPath { get; set; } = "";

    public string? Prompt { get; set; }

    public string? TokenizerName { get; set; }

    public int? MaxNewTokens { get; set; }

    public bool? DoSample { get; set; }

    public Number? Temperature { get; set; }

    public int? TopK { get; set; }

    public Number? TopP { get; set; }

    public long? Seed { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        if (!Directory.Exists(ModelNameOrPath))
            throw new InvalidArgumentException("model_name_or_path", $"is \"{ModelNameOrPath}\", expected a folder that exists");
        if (MaxNewTokens < 1) throw new InvalidArgumentException("max_new_tokens", $"is {MaxNewTokens}, expected a whole number from 1 up");
        if (Seed < 0) throw new InvalidArgumentException("seed", $"is {Seed}, expected a whole number from 0 up");
    }
}
