namespace NativeTrainer.Models;

/// <summary>Bans the end of a row that is shorter than this many positions, prompt and padding included.</summary>
public sealed class MinLengthProcessor(int minLength, IReadOnlyList<int> eos) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (ids.Length >= minLength) return;
        for (var i = 0; i < eos.Count; i++) scores[PlaceOf(eos[i], scores.Length, "eos_token_id")] = float.NegativeInfinity;
    }
}

/// <summary>Bans the end of a row that has fewer new tokens than this.</summary>
public sealed class MinNewTokensProcessor(int promptLength, int minNewTokens, IReadOnlyList<int> eos) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (ids.Length - promptLength >= minNewTokens) return;
        for (var i = 0; i < eos.Count; i++) scores[PlaceOf(eos[i], scores.Length, "eos_token_id")] = float.NegativeInfinity;
    }
}

/// <summary>Makes the end likelier with each new token behind the start: its score grows by |score| · (factor^n − 1).</summary>
/// <param name="start">How many new tokens are free of it.</param>
/// <param name="factor">Above 1.</param>
/// <param name="eos">The ends.</param>
/// <param name="promptLength">How long rows are before the first new token.</param>
public sealed class ExponentialDecayLengthProcessor(int start, double factor, IReadOnlyList<int> eos, int promptLength) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        var over = ids.Length - start - promptLength;
        if (over <= 0) return;
        var growth = (float)(Math.Pow(factor, over) - 1);
        for (var i = 0; i < eos.Count; i++)
        {
            ref var score = ref scores[PlaceOf(eos[i], scores.Length, "eos_token_id")];
            score += MathF.Abs(score) * growth;
        }
    }
}
