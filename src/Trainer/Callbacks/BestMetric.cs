namespace NativeTrainer;

/// <summary>Which checkpoint is the best: decided when one is written, by the evaluation that came before it at the same step.</summary>
public static class BestMetric
{
    /// <summary>The name of <c>metric_for_best_model</c> in an evaluation's metrics, which all begin with eval_.</summary>
    public static string Key(TrainingArguments args)
    {
        var name = args.MetricForBestModel ?? "loss";
        return name.StartsWith("eval_", StringComparison.Ordinal) ? name : "eval_" + name;
    }

    /// <summary>Whether a value is strictly better than another by <c>greater_is_better</c>; nan never is.</summary>
    public static bool IsBetter(TrainingArguments args, double value, double other)
        => args.GreaterIsBetter == true ? value > other : value < other;

    /// <summary>Notes in the state that a checkpoint is the best, if it is the first or better than all before; a tie is not.</summary>
    /// <param name="args">Names the metric; without a name nothing is noted.</param>
    /// <param name="state">Gets the best metric and checkpoint.</param>
    /// <param name="metrics">The evaluation at this step; null if there was none.</param>
    /// <param name="checkpoint">The folder of the checkpoint.</param>
    /// <exception cref="InvalidArgumentException">The evaluation does not have the metric.</exception>
    public static void Update(TrainingArguments args, TrainerState state, Metrics? metrics, string checkpoint)
    {
        if (metrics is null || args.MetricForBestModel is null) return;
        if (!metrics.TryGetValue(Key(args), out var value))
        {
            var expected = "one of " + string.Join(", ", metrics.Keys);
            throw InvalidArgumentException.Value("metric_for_best_model", args.MetricForBestModel, expected);
        }
        if (state.BestMetric is { } best && state.BestModelCheckpoint is not null && !IsBetter(args, value, best)) return;
        state.BestMetric = value;
        state.BestModelCheckpoint = checkpoint;
    }
}
