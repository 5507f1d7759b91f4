using System.Net;
using Microsoft.Extensions.Logging;

namespace NativeTrainer;

/// <summary>What arguments need to know of the machine and the group of processes that they are completed in.</summary>
internal sealed record Surroundings
{
    /// <summary>This process, alone, on the processor.</summary>
    public static Surroundings Current { get; } = new();

    public int WorldSize { get; init; } = 1;

    public int ProcessIndex { get; init; }

    public int LocalProcessIndex { get; init; }

    public int GpuCount { get; init; }

    /// <summary>Integrations that <c>report_to all</c> stands for.</summary>
    public IReadOnlyList<string> ReportingIntegrations { get; init; } = [];

    /// <summary>The level that <c>passive</c> stands for.</summary>
    public LogLevel LibraryLevel { get; init; } = LogLevel.Warning;

    /// <summary>Name of an event folder: date, time and host.</summary>
    public Func<string> RunFolder { get; init; } = () => FormattableString.Invariant($"{DateTime.Now:MMMdd_HH-mm-ss}_{Dns.GetHostName()}");
}
