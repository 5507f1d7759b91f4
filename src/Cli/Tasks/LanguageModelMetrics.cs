using NativeTrainer.Autograd;
using NativeTrainer.Evaluation;

namespace NativeTrainer.Cli.Tasks;

/// <summary>What language models are measured by: perplexity always, and the share of tokens that were guessed where it is asked for, as
/// run_clm and run_mlm do.</summary>
internal static class LanguageModelMetrics
{
    /// <summary>e to the loss; infinity where that is too much for a number.</summary>
    public static void AddPerplexity(Metrics metrics) => metrics["perplexity"] = Math.Exp(metrics["eval_loss"]);

    /// <summary>The tools that accuracy needs; nothing where it is not asked for.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="shifts">Whether each position predicts the next.</param>
    public static TaskTools Tools(TaskContext context, bool shifts)
    {
        var metrics = MetricNames.Choose(context, $"task {context.Model.Task}", [], "accuracy", "perplexity");
        if (!metrics.Contains("accuracy")) return new TaskTools();
        return new TaskTools(
            ComputeMetrics: output => new Metrics { ["accuracy"] = TokenAccuracy(output, shifts) },
            PreprocessLogits: (logits, _) => logits.Argmax(-1));
    }

    private static double TokenAccuracy(EvalPrediction output, bool shifts)
    {
        var (predicted, labels) = (output.Predictions.ToArray<long>(), output.LabelIds.ToArray<long>());
        if (!shifts) return Accuracy.Of(predicted, labels);
        var width = (int)output.LabelIds.Size(1);
        for (var row = 0; row < labels.Length; row += width)
        {
            labels.AsSpan(row + 1, width - 1).CopyTo(labels.AsSpan(row));
            labels[row + width - 1] = Accuracy.Ignored;
        }
        return Accuracy.Of(predicted, labels);
    }
}
