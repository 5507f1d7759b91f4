using Spectre.Console;

namespace NativeTrainer.Cli.Terminal;

/// <summary>A progress bar with loss, rate and time left; at the end the loss as a curve and all metrics in a table.</summary>
/// <param name="console">The terminal.</param>
internal sealed class TerminalDisplay(IAnsiConsole console) : TrainingDisplay
{
    private readonly TerminalProgress _progress = new(console);
    private bool _hasTrained;
    private readonly List<(string Split, IReadOnlyDictionary<string, string> Metrics)> _results = [];

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerCallback> Callbacks => [_progress];

    /// <inheritdoc/>
    public override void Begin(string description) => console.MarkupLineInterpolated($"[bold]{description}[/]");

    /// <inheritdoc/>
    public override T Watch<T>(Func<T> work)
    {
        T? result = default;
        console.Progress()
            .AutoClear(_hasTrained) // the bar of the training stays, those of what follows go
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new StepsColumn(),
                new RemainingTimeColumn())
            .Start(context =>
            {
                _progress.Context = context;
                result = work();
                _progress.Context = null;
            });
        _hasTrained = true;
        return result!;
    }

    /// <inheritdoc/>
    public override void Results(Trainer trainer, string split, Metrics metrics)
    {
        var prefix = split + "_";
        var texts = trainer.MetricsFormat(metrics).ToDictionary(
            m => m.Key.StartsWith(prefix, StringComparison.Ordinal) ? m.Key[prefix.Length..] : m.Key, m => PythonText.Str(m.Value));
        _results.Add((split, texts));
    }

    /// <inheritdoc/>
    public override void End(LossHistory history)
    {
        foreach (var line in LossCurve.Draw(history, Math.Min(console.Profile.Width - 12, 72), height: 12)) console.MarkupLine(line);
        console.Write(ResultTable());
    }

    private Table ResultTable()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var (split, _) in _results) table.AddColumn(new TableColumn(split).RightAligned());
        foreach (var name in _results.SelectMany(r => r.Metrics.Keys).Distinct())
        {
            table.AddRow([name, .. _results.Select(r => r.Metrics.GetValueOrDefault(name, ""))]);
        }
        return table;
    }
}
