namespace NativeTrainer.Models;

/// <summary>Adds to the score of a token that would complete one of several sequences.</summary>
/// <remarks>A sequence longer than the row is passed over. What several sequences say of a token adds up.</remarks>
public class SequenceBiasProcessor : LogitsProcessor
{
    private readonly (int[] Tokens, float Bias)[] _sequences;
    private readonly int[] _last;
    private readonly float[] _sums;

    /// <summary>Biases of sequences; of several for the same sequence the last counts.</summary>
    public SequenceBiasProcessor(IEnumerable<(int[] Tokens, float Bias)> sequences)
    {
        Dictionary<string, (int[], float)> distinct = [];
        foreach (var sequence in sequences) distinct[string.Join(' ', sequence.Tokens)] = sequence;
        _sequences = [.. distinct.Values];
        _last = [.. _sequences.Select(sequence => sequence.Tokens[^1]).Distinct()];
        _sums = new float[_last.Length];
    }

    /// <summary>The option that the sequences come from.</summary>
    protected virtual string Option => "sequence_bias";

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        Array.Clear(_sums);
        foreach (var (tokens, bias) in _sequences)
        {
            if (tokens.Length > 1 && (tokens.Length > ids.Length || !EndsWith(ids, tokens.AsSpan(..^1)))) continue;
            _sums[Array.IndexOf(_last, tokens[^1])] += bias;
        }
        for (var i = 0; i < _last.Length; i++) scores[PlaceOf(_last[i], scores.Length, Option)] += _sums[i];
    }

    private static bool EndsWith(ReadOnlySpan<long> ids, ReadOnlySpan<int> tokens)
    {
        var end = ids[^tokens.Length..];
        for (var i = 0; i < tokens.Length; i++)
        {
            if (end[i] != tokens[i]) return false;
        }
        return true;
    }
}

/// <summary>Bans tokens that would complete one of several sequences.</summary>
/// <remarks>A sequence that is nothing but an end of the row is left out.</remarks>
/// <param name="words">The sequences.</param>
/// <param name="eos">The ends.</param>
public sealed class NoBadWordsProcessor(IEnumerable<int[]> words, IReadOnlyList<int> eos)
    : SequenceBiasProcessor(words.Where(word => word.Length != 1 || !eos.Contains(word[0])).Select(word => (word, float.NegativeInfinity)))
{
    /// <inheritdoc/>
    protected override string Option => "bad_words_ids";
}
