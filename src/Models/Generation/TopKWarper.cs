namespace NativeTrainer.Models;

/// <summary>Bans all tokens but the k with the highest scores; those that share the lowest of them stay too (Fan et al., 2018).</summary>
/// <param name="topK">How many stay.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class TopKWarper(int topK, int minTokensToKeep = 1) : LogitsProcessor
{
    private readonly float[] _best = new float[Math.Max(topK, minTokensToKeep)]; // a heap, the lowest on top

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        var k = _best.Length;
        if (k >= scores.Length) return;
        scores[..k].CopyTo(_best);
        for (var i = (k / 2) - 1; i >= 0; i--) SiftDown(i);
        foreach (var score in scores[k..])
        {
            if (score <= _best[0]) continue;
            _best[0] = score;
            SiftDown(0);
        }
        foreach (ref var score in scores)
        {
            if (score < _best[0]) score = float.NegativeInfinity;
        }
    }

    private void SiftDown(int place)
    {
        var (value, k) = (_best[place], _best.Length);
        while ((2 * place) + 1 < k)
        {
            var child = (2 * place) + 1;
            if (child + 1 < k && _best[child + 1] < _best[child]) child++;
            if (_best[child] >= value) break;
            _best[place] = _best[child];
            place = child;
        }
        _best[place] = value;
    }
}
