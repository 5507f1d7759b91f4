using Microsoft.Extensions.Logging;

namespace NativeTrainer.Cli.Commands;

/// <summary>Writes what the Trainer tells on standard error, from a level on (<c>log_level</c>).</summary>
internal sealed class ErrorStreamLogger(LogLevel lowest) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        if (logLevel >= LogLevel.Warning) CommandLine.Warn(formatter(state, exception));
        else Console.Error.WriteLine(formatter(state, exception));
    }
}
