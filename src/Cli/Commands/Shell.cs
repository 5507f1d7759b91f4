namespace NativeTrainer.Cli.Commands;

/// <summary>Words as a shell takes them.</summary>
internal static class Shell
{
    /// <summary>The word, in single quotes if the shell would read it otherwise.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_-./=,:@%+".Contains(c)) ? word
            : "'" + word.Replace("'", "'\\''") + "'";
}
