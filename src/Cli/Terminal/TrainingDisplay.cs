using Spectre.Console;

namespace NativeTrainer.Cli.Terminal;

/// <summary>What a person sees of a training: on a terminal a progress bar, a loss curve and a table, elsewhere plain lines.</summary>
internal abstract class TrainingDisplay
{
    /// <summary>What watches the training for the display.</summary>
    public abstract IReadOnlyList<TrainerCallback> Callbacks { get; }

    /// <summary>The display that fits where the output goes.</summary>
    public static TrainingDisplay For(TrainingArguments args)
    {
        var isTerminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };
        return isTerminal && args.DisableTqdm is not true ? new TerminalDisplay(AnsiConsole.Console) : new PlainDisplay(Console.Out);
    }

    /// <summary>Says what is about to be trained.</summary>
    public abstract void Begin(string description);

    /// <summary>Shows progress while something is done.</summary>
    public abstract T Watch<T>(Func<T> work);

    /// <summary>Shows the metrics of the training, an evaluation or a prediction.</summary>
    /// <param name="trainer">Formats them.</param>
    /// <param name="split">train, eval or test.</param>
    /// <param name="metrics">The metrics.</param>
    public abstract void Results(Trainer trainer, string split, Metrics metrics);

    /// <summary>Shows how the loss went, at the end.</summary>
    public abstract void End(LossHistory history);
}
