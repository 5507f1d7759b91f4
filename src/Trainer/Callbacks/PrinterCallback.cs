namespace NativeTrainer;

/// <summary>Prints each log on a line, as Python prints a dictionary; for where there is no progress bar.</summary>
/// <param name="writer">Where to print; the console unless given.</param>
public class PrinterCallback(TextWriter? writer) : TrainerCallback
{
    private readonly TextWriter _writer = writer ?? Console.Out;

    /// <summary>Prints on the console.</summary>
    public PrinterCallback()
        : this(null)
    {
    }

    /// <inheritdoc/>
    /// <remarks>As in Hugging Face, total_flos is taken out of the logs, and so out of the metrics that training returns.</remarks>
    public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (context.Logs is not { } logs) return;
        logs.Remove("total_flos");
        if (state.IsLocalProcessZero) _writer.WriteLine(logs);
    }
}
