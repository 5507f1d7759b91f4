namespace NativeTrainer.Benchmarks.Machine;

/// <summary>What is said of repeated measurements.</summary>
public static class Statistics
{
    /// <summary>The number in the middle; of an even count the lower one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }
}
