namespace NativeTrainer.Models;

/// <summary>Forces the token behind a row's first.</summary>
public sealed class ForcedBosTokenProcessor(int token) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (ids.Length == 1) Scores.Force(scores, PlaceOf(token, scores.Length, "forced_bos_token_id"));
    }
}

/// <summary>Forces the last token of a row that reaches the greatest length.</summary>
public sealed class ForcedEosTokenProcessor(int maxLength, IReadOnlyList<int> tokens) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (ids.Length != maxLength - 1) return;
        scores.Fill(float.NegativeInfinity);
        for (var i = 0; i < tokens.Count; i++) scores[PlaceOf(tokens[i], scores.Length, "forced_eos_token_id")] = 0;
    }
}

/// <summary>Forces tokens at positions that are counted from the row's beginning (<c>forced_decoder_ids</c>).</summary>
public sealed class ForceTokensProcessor(IReadOnlyList<(int Position, int? Token)> tokens) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        for (var i = tokens.Count - 1; i >= 0; i--)
        {
            if (tokens[i].Position != ids.Length) continue;
            if (tokens[i].Token is { } token) Scores.Force(scores, PlaceOf(token, scores.Length, "forced_decoder_ids"));
            return; // of several for a position the last counts
        }
    }
}
