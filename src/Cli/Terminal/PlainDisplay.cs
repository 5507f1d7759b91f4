namespace NativeTrainer.Cli.Terminal;

/// <summary>
/// Plain lines, as Hugging Face's Trainer prints them without a progress bar: logs as dictionaries, metrics as aligned tables.
/// </summary>
/// <param name="writer">Where the lines go.</param>
internal sealed class PlainDisplay(TextWriter writer) : TrainingDisplay
{
    /// <inheritdoc/>
    public override IReadOnlyList<TrainerCallback> Callbacks { get; } = [new LinePrinter(writer)];

    /// <inheritdoc/>
    public override void Begin(string description) => writer.WriteLine(description);

    /// <inheritdoc/>
    public override T Watch<T>(Func<T> work) => work();

    /// <inheritdoc/>
    public override void Results(Trainer trainer, string split, Metrics metrics) => trainer.LogMetrics(split, metrics);

    /// <inheritdoc/>
    public override void End(LossHistory history)
    {
    }

    // A type of its own: the trainer has a PrinterCallback itself, which makes room for this one, and would warn of a second.
    private sealed class LinePrinter(TextWriter writer) : PrinterCallback(writer);
}
