namespace NativeTrainer.Models;

/// <summary>
/// Makes tokens that are in the row already (prompt and padding too) less likely: a score above 0 is divided by the penalty, one below is
/// multiplied by it (https://arxiv.org/abs/1909.05858). Below 1 they become likelier.
/// </summary>
public sealed class RepetitionPenaltyProcessor(double penalty) : LogitsProcessor
{
    private readonly float _penalty = (float)penalty;
    private float[] _changed = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) => Apply(ids, scores, _penalty, ref _changed);

    // All are read before one is written, so that a token that comes twice counts once.
    internal static void Apply(ReadOnlySpan<long> ids, Span<float> scores, float penalty, ref float[] changed)
    {
        if (changed.Length < ids.Length) changed = new float[Math.Max(256, 2 * ids.Length)];
        for (var i = 0; i < ids.Length; i++)
        {
            var score = scores[(int)ids[i]];
            changed[i] = score < 0 ? score * penalty : score / penalty;
        }
        for (var i = 0; i < ids.Length; i++) scores[(int)ids[i]] = changed[i];
    }
}
