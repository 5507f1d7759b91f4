using NativeTrainer.Cli.Commands;
using NativeTrainer.Models;

namespace NativeTrainer.Cli;

/// <summary>The command's verbs, and what its errors look like: bad input is one line on standard error and exit code 2.</summary>
internal static class CommandLine
{
    private const int OwnMistake = 1;
    private const int BadInput = 2;

    private static readonly string[] Verbs = ["train", "generate", "tokenize", "train-tokenizer", "env"];

    /// <summary>Runs a verb.</summary>
    /// <param name="words">The words after the command's name.</param>
    /// <returns>The exit code: 0, 2 for bad input, 130 or 143 after a signal, 1 for an error of this program's own.</returns>
    public static int Run(string[] words)
    {
        try
        {
            return Execute(words);
        }
        catch (Exception e) when (IsBadInput(e))
        {
            Console.Error.WriteLine("nativetrainer: error: " + e.Message.ReplaceLineEndings(" "));
            return BadInput;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"nativetrainer: this is a mistake in nativetrainer {ProgramVersion.Text}, please report it:\n{e}");
            return OwnMistake;
        }
    }

    /// <summary>Runs a verb; bad input is an exception.</summary>
    internal static int Execute(string[] words) => words switch
    {
        [] or ["--help" or "-h" or "help", ..] => Print(Help.All()),
        ["--version", ..] => Print($"nativetrainer {ProgramVersion.Text}\n"),
        ["train", .. var rest] => TrainCommand.Run(rest),
        ["generate", .. var rest] => GenerateCommand.Run(rest),
        ["tokenize", .. var rest] => TokenizeCommand.Run(rest),
        ["train-tokenizer", .. var rest] => TrainTokenizerCommand.Run(rest),
        ["env", .. var rest] => EnvCommand.Run(rest),
        [var other, ..] => throw new InvalidArgumentException(
            $"\"{other}\"", $"is no command; the nearest is {NearestName.Find(other, Verbs)}"),
    };

    /// <summary>Whether an error is the user's to mend, and not this program's.</summary>
    internal static bool IsBadInput(Exception e) => e is InvalidArgumentException or ConfigurationException or InvalidDataException
        or NonFiniteValueException or IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Writes a note on standard error that stops nothing.</summary>
    public static void Warn(string message) => Console.Error.WriteLine("nativetrainer: warning: " + message.ReplaceLineEndings(" "));

    private static int Print(string text)
    {
        Console.Write(text);
        return 0;
    }
}
