namespace NativeTrainer.Evaluation;

/// <summary>Runtime and rates as Transformers reports them.</summary>
internal static class SpeedMetrics
{
    /// <summary>Adds <c>{split}_runtime</c> (seconds), <c>{split}_samples_per_second</c>,
    /// <c>{split}_steps_per_second</c>, <c>{split}_tokens_per_second</c>.</summary>
    /// <param name="metrics">Receives them.</param>
    /// <param name="split">train, eval, test, …</param>
    /// <param name="time">The clock.</param>
    /// <param name="start">What the clock showed at the beginning.</param>
    /// <param name="samples">Rows; null leaves the rate out.</param>
    /// <param name="steps">Updates or batches.</param>
    /// <param name="tokens">Tokens.</param>
    public static void Add(
        Metrics metrics, string split, TimeProvider time, long start, double? samples, double? steps, double? tokens = null)
    {
        var runtime = (time.GetTimestamp() - start) / (double)time.TimestampFrequency;
        metrics[$"{split}_runtime"] = PythonText.Round(runtime, 4);
        if (runtime == 0) return;
        if (samples is { } rows) metrics[$"{split}_samples_per_second"] = PythonText.Round(rows / runtime, 3);
        if (steps is { } count) metrics[$"{split}_steps_per_second"] = PythonText.Round(count / runtime, 3);
        if (tokens is { } words) metrics[$"{split}_tokens_per_second"] = PythonText.Round(words / runtime, 3);
    }
}
