namespace NativeTrainer.Models;

/// <summary>Changes the scores from which a row's next token is taken. They are applied in order, one row after the other.</summary>
/// <remarks>An instance belongs to one call of generation and may keep buffers; it allocates nothing once it has seen a row.</remarks>
public abstract class LogitsProcessor
{
    /// <summary>Changes scores in place; minus infinity bans a token.</summary>
    /// <param name="row">The number of the row in the batch.</param>
    /// <param name="ids">The row so far, padding included.</param>
    /// <param name="scores">One for each id of the vocabulary, before softmax.</param>
    public abstract void Process(int row, ReadOnlySpan<long> ids, Span<float> scores);

    /// <summary>The warpers that sampling asks for, in Hugging Face's order: temperature, top-k, top-p.</summary>
    internal static List<LogitsProcessor> Warpers(GenerationConfig config)
    {
        List<LogitsProcessor> warpers = [];
        if (!config.DoSample) return warpers;
        if (config.Temperature != 1) warpers.Add(new TemperatureWarper(config.Temperature));
        if (config.TopK != 0) warpers.Add(new TopKWarper(config.TopK));
        if (config.TopP < 1) warpers.Add(new TopPWarper(config.TopP));
        return warpers;
    }
}
