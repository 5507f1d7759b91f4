namespace NativeTrainer.Cli.Arguments;

/// <summary>Which model continues which prompts; how is said by <see cref="GenerationArguments"/>.</summary>
internal sealed class GenerateArguments : IArgumentGroup
{
    private const string Category = "generate";

    private static readonly ArgumentTable<GenerateArguments> Table = new(new())
    {
        { "model_name_or_path", Category, a => a.ModelNameOrPath, (a, v) => a.ModelNameOrPath = v, "Folder with the model.", true },
        { "prompt", Category, a => a.Prompt, (a, v) => a.Prompt = v, "Text to go on with; unset: standard input, if that is no terminal." },
        { "prompt_file", Category, a => a.PromptFile, (a, v) => a.PromptFile = v,
          "Rows of JSON with text or input_ids; one line of JSON is written for each returned sequence." },
        { "tokenizer_name", Category, a => a.TokenizerName, (a, v) => a.TokenizerName = v,
          "Folder with the tokenizer, if it is another than the model's." },
        { "generation_config", Category, a => a.GenerationConfig, (a, v) => a.GenerationConfig = v,
          "generation_config.json, or a folder that has one, instead of the model's." },
        { "batch_size", Category, a => a.BatchSize, (a, v) => a.BatchSize = v, "Rows of prompt_file that are generated together." },
        { "seed", Category, a => a.Seed, (a, v) => a.Seed = v, "Seed of the draws; unset: another text each time." },
    };

    public string ModelNameOrPath { get; set; } = "";

    public string? Prompt { get; set; }

    public string? PromptFile { get; set; }

    public string? TokenizerName { get; set; }

    public string? GenerationConfig { get; set; }

    public int BatchSize { get; set; } = 1;

    public long? Seed { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        if (!Directory.Exists(ModelNameOrPath))
            throw new InvalidArgumentException("model_name_or_path", $"is \"{ModelNameOrPath}\", expected a folder that exists");
        if (TokenizerName is not null && !Directory.Exists(TokenizerName))
            throw new InvalidArgumentException("tokenizer_name", $"is \"{TokenizerName}\", expected a folder that exists");
        if (PromptFile is not null && !File.Exists(PromptFile))
            throw new InvalidArgumentException("prompt_file", $"is \"{PromptFile}\", expected a file that exists");
        if (PromptFile is not null && Prompt is not null)
            throw new InvalidArgumentException("prompt_file", "is given together with prompt, expected one of them");
        if (PromptFile is null && BatchSize != 1)
            throw new InvalidArgumentException("batch_size", $"is {BatchSize}, expected it to be unset without a prompt_file");
        if (BatchSize < 1) throw new InvalidArgumentException("batch_size", $"is {BatchSize}, expected a whole number from 1 up");
        if (Seed < 0) throw new InvalidArgumentException("seed", $"is {Seed}, expected a whole number from 0 up");
    }
}
