namespace NativeTrainer.Cli.Terminal;

/// <summary>How the loss went: steps and values as they were logged; only finite ones.</summary>
/// <param name="Training">The loss of the training.</param>
/// <param name="Evaluation">The loss of the evaluations.</param>
internal sealed record LossHistory(IReadOnlyList<(int Step, double Value)> Training, IReadOnlyList<(int Step, double Value)> Evaluation)
{
    /// <summary>Whether there is nothing to draw.</summary>
    public bool IsEmpty => Training.Count == 0 && Evaluation.Count == 0;

    /// <summary>What a state has logged; the average of the training where that is all there is.</summary>
    public static LossHistory Of(TrainerState state)
    {
        var training = Finite("loss");
        return new(training.Count > 0 ? training : Finite("train_loss"), Finite("eval_loss"));

        List<(int Step, double Value)> Finite(string name) => [.. state.Logged(name).Where(p => double.IsFinite(p.Value))];
    }
}
