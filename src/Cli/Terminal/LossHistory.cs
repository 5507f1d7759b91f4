namespace NativeTrainer.Cli.Terminal;

/// <summary>How the loss went: steps and values as they were logged; only finite ones.</summary>
/// <param name="Training">The loss of the training.</param>
/// <param name="Evaluation">The loss of the evaluations.</param>
internal sealed record LossHistory(IReadOnlyList<(int Step, double Value)> Training, IReadOnlyList<(int Step, double Value)> Evaluation)
{
    /// <summary>Whether there is nothing to draw.</summary>
    public bool IsEmpty => Training.Count == 0 && Evaluation.Count == 0;

    /// <summary>What a state has logged.</summary>
    public static LossHistory Of(TrainerState state) =>
        new([.. state.Logged("loss").Where(p => double.IsFinite(p.Value))],
            [.. state.Logged("eval_loss").Where(p => double.IsFinite(p.Value))]);
}
