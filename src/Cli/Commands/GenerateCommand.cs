using NativeTrainer.Cli.Arguments;
using NativeTrainer.Cli.Terminal;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Commands;

/// <summary><c>nativetrainer generate</c>: continues a prompt, each piece of text as soon as it is certain.</summary>
internal static class GenerateCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="words">The words after <c>generate</c>: a model and a prompt, or an args.json; then flags.</param>
    public static int Run(string[] words)
    {
        var args = new GenerateArguments();
        if (!new HfArgumentParser(args).Parse(WithFlags(words)))
        {
            Console.Write(Help.Generate());
            return 0;
        }
        var prompt = args.Prompt ?? ReadPrompt();
        var tokenizer = Tokenizer.FromPretrained(args.TokenizerName ?? args.ModelNameOrPath);
        var model = AutoModel.FromPretrained(args.ModelNameOrPath, AutoModel.CausalLanguageModel, warn: CommandLine.Warn);
        var seed = args.Seed ?? Random.Shared.NextInt64();
        var options = new TextGenerator.Options(
            args.MaxNewTokens, args.DoSample, args.Temperature?.Value, args.TopK, args.TopP?.Value, (ulong)seed);

        using var interruption = new Interruption(isTraining: false);
        new TextGenerator(model, tokenizer).Write(prompt, options, Console.Out, interruption.Token);
        return interruption.ExitCode;
    }

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
