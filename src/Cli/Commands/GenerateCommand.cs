using NativeTrainer.Cli.Arguments;
using NativeTrainer.Cli.Terminal;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Commands;

/// <summary>
/// <c>nativetrainer generate</c>: continues a prompt, each piece of text as soon as it is certain, or the prompts of a file, with a line of
/// JSON for each returned sequence.
/// </summary>
internal static class GenerateCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="words">The words after <c>generate</c>: a model and a prompt, or an args.json; then flags.</param>
    public static int Run(string[] words)
    {
        var (args, generation) = (new GenerateArguments(), new GenerationArguments());
        if (!new HfArgumentParser(args, generation, new MachineArguments()).Parse(WithFlags(words)))
        {
            Console.Write(Help.Generate());
            return 0;
        }
        return args.PromptFile is null ? WriteText(args, generation) : WriteSequences(args, args.PromptFile, generation);
    }

    private static int WriteText(GenerateArguments args, GenerationArguments generation)
    {
        if (generation.Given.GetValueOrDefault("output_scores") is true)
            throw new InvalidArgumentException("output_scores", "is true, expected it to be unset without a prompt_file: text has no scores");
        var prompt = args.Prompt ?? ReadPrompt();
        var tokenizer = Tokenizer.FromPretrained(args.TokenizerName ?? args.ModelNameOrPath);
        var model = Load(args);
        var options = new TextGenerator.Options(Seed: (ulong)(args.Seed ?? Random.Shared.NextInt64()))
        {
            Base = BaseConfig(args, model), Others = generation.Given,
        };

        using var interruption = new Interruption(isTraining: false);
        try
        {
            new TextGenerator(model, tokenizer).Write(prompt, options, Console.Out, interruption.Token);
        }
        catch (ArgumentException e) when (e is not (ConfigurationException or InvalidArgumentException))
        {
            throw new InvalidDataException($"the prompt does not fit the model: {e.Message}", e);
        }
        return interruption.ExitCode;
    }

    private static int WriteSequences(GenerateArguments args, string path, GenerationArguments generation)
    {
        var tokenizerFolder = args.TokenizerName ?? args.ModelNameOrPath;
        var hasTokenizer = args.TokenizerName is not null || Tokenizer.ExistsIn(tokenizerFolder);
        var tokenizer = hasTokenizer ? Tokenizer.FromPretrained(tokenizerFolder) : null;
        var model = Load(args);
        var config = BaseConfig(args, model).With(generation.Given);
        if (config.OutputScores) config.ReturnDictInGenerate = true;
        config.Validate();
        var prompts = PromptFile.Read(path, tokenizer, model.Config.VocabSize, model.Config.MaxPositions);
        if (args.Seed is { } seed) TorchGenerator.Default.Seed((ulong)seed);
        else TorchGenerator.Default.Seed((ulong)Random.Shared.NextInt64());

        using var interruption = new Interruption(isTraining: false);
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var writer = new SequenceWriter(model, tokenizer, config, output);
        try
        {
            foreach (var batch in prompts.Chunk(args.BatchSize)) writer.Write(path, batch, interruption.Token);
        }
        catch (OperationCanceledException)
        {
        }
        return interruption.ExitCode;
    }

    private static PreTrainedModel Load(GenerateArguments args)
    {
        var config = AutoModel.ConfigFromPretrained(args.ModelNameOrPath);
        var task = config["is_encoder_decoder"] is true ? AutoModel.Seq2Seq : AutoModel.CausalLanguageModel;
        return AutoModel.FromPretrained(args.ModelNameOrPath, task, config, warn: CommandLine.Warn);
    }

    private static GenerationConfig BaseConfig(GenerateArguments args, PreTrainedModel model) =>
        args.GenerationConfig is { } path ? GenerationConfig.FromPretrained(path) : model.GenerationConfig ?? new GenerationConfig();

    // MODEL and PROMPT may stand before the flags without names.
    private static string[] WithFlags(string[] words) => words switch
    {
        [var first, ..] when first.StartsWith('-') || first.EndsWith(".json", StringComparison.Ordinal) => words,
        [var model, var prompt, .. var rest] when !prompt.StartsWith('-') => ["--model_name_or_path", model, "--prompt=" + prompt, .. rest],
        [var model, .. var rest] => ["--model_name_or_path", model, .. rest],
        _ => words,
    };

    private static string ReadPrompt() => Console.IsInputRedirected
        ? Console.In.ReadToEnd()
        : throw new InvalidArgumentException("prompt", "is missing, expected text, or text on standard input");
}
