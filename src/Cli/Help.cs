using NativeTrainer.Cli.Arguments;

namespace NativeTrainer.Cli;

/// <summary>The help texts: the verbs, and every flag with what it takes, its default and what it does.</summary>
internal static class Help
{
    private const string Usage =
        """
        nativetrainer train [args.json] [flags]     trains a model and writes a Hugging Face folder
        nativetrainer generate MODEL PROMPT [flags] continues a prompt; with --prompt_file many, in lines of JSON
        nativetrainer tokenize [flags]              prints ids, tokens and offsets of texts, a JSON line each
        nativetrainer train-tokenizer [flags]       learns a tokenizer from texts
        nativetrainer env                           tells versions and what the machine can do
        nativetrainer --version | --help

        A JSON file is one object with the names below; flags come after it and override it.

        """;

    /// <summary>All of it.</summary>
    public static string All() => $"{Usage}\n# train\n\n{Train()}\n# generate\n\n{Generate()}\n# tokenize\n\n{Tokenize()}"
        + $"\n# train-tokenizer\n\n{TrainTokenizer()}";

    /// <summary>The flags of train.</summary>
    public static string Train() => new HfArgumentParser(
        new ModelArguments(), new DataArguments(), new TaskArguments(), new Seq2SeqTrainingArguments(""), new MachineArguments()).FormatHelp();

    /// <summary>The flags of generate.</summary>
    public static string Generate() => new HfArgumentParser(new GenerateArguments(), new GenerationArguments(), new MachineArguments()).FormatHelp();

    /// <summary>The flags of tokenize.</summary>
    public static string Tokenize() => new HfArgumentParser(new TokenizeArguments()).FormatHelp();

    /// <summary>The flags of train-tokenizer.</summary>
    public static string TrainTokenizer() => new HfArgumentParser(new TrainTokenizerArguments()).FormatHelp();
}
