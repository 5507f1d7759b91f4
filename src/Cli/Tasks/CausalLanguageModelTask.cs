using NativeTrainer.Models;

namespace NativeTrainer.Cli.Tasks;

/// <summary><c>causal-lm</c>: predict the next token, of text that is joined and cut into blocks (run_clm) or of rows of token ids.</summary>
internal sealed class CausalLanguageModelTask(TaskContext context) : ITask
{
    /// <inheritdoc/>
    public TrainingData Read() => TextBlocks.Read(context, context.Data.BlockSize);

    /// <inheritdoc/>
    public TaskTools Prepare(PreTrainedModel model) => LanguageModelMetrics.Tools(context, shifts: true);

    /// <inheritdoc/>
    public void AddMetrics(Metrics metrics) => LanguageModelMetrics.AddPerplexity(metrics);

    /// <inheritdoc/>
    public void WritePredictions(PredictionOutput output, string path) => PredictionsFile.WriteLogits(path, output);
}
