namespace NativeTrainer.Models;

/// <summary>A reason to stop before all rows have ended: it is asked after every token, and stops all rows.</summary>
/// <example><code>
/// sealed class AtTwenty : StoppingCriterion
/// {
///     public override bool IsMet(in GenerationState state) => state.Length >= 20;
/// }
/// </code></example>
public abstract class StoppingCriterion
{
    /// <summary>Whether to stop.</summary>
    public abstract bool IsMet(in GenerationState state);
}

/// <summary>How far generation is.</summary>
public readonly ref struct GenerationState
{
    private readonly GenerationRows _rows;

    internal GenerationState(GenerationRows rows, TimeSpan elapsed) => (_rows, Elapsed) = (rows, elapsed);

    /// <summary>How many rows there are; the beams of a prompt are neighbours.</summary>
    public int Rows => _rows.Count;

    /// <summary>How long they are, prompt and padding included.</summary>
    public int Length => _rows.Length;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The ids of a row so far.</summary>
    public ReadOnlySpan<long> Row(int row) => _rows.Row(row);
}
