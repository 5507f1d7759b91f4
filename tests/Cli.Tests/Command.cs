using System.Diagnostics;

namespace NativeTrainer.Cli.Tests;

/// <summary>Runs the command as users do: a process of its own, in some folder.</summary>
internal static class Command
{
    public static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens");

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "NativeTrainer.Cli.dll");

    /// <summary>Starts it; standard output and error are read by the caller.</summary>
    public static Process Start(string folder, params IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet",
            [Program, .. words])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(string folder, params IEnumerable<string> words)
    {
        using var process = Start(folder, words);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
