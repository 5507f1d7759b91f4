using Microsoft.Extensions.Logging;

namespace NativeTrainer.Cli.Commands;

/// <summary>Writes the Trainer's warnings on standard error.</summary>
internal sealed class WarningLogger : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
        string> formatter)
    {
        if (IsEnabled(logLevel)) CommandLine.Warn(formatter(state, exception));
    }
}
