namespace NativeTrainer.Models;

/// <summary>
/// Bans the unlikeliest tokens whose probabilities together do not exceed 1 − p; the likeliest always stays
/// (https://arxiv.org/abs/1904.09751).
/// </summary>
/// <param name="p">The probability that what stays has at least.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class TopPWarper(double p, int minTokensToKeep = 1) : LogitsProcessor
{
    private float[] _scores = [];
    private int[] _tokens = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (_scores.Length != scores.Length) (_scores, _tokens) = (new float[scores.Length], new int[scores.Length]);
        scores.CopyTo(_scores);
        for (var i = 0; i < _tokens.Length; i++) _tokens[i] = i;
        Array.Sort(_scores, _tokens);
        Scores.Softmax(_scores);
        var (sum, limit) = (0f, (float)(1 - p));
        for (var i = 0; i < _scores.Length - minTokensToKeep; i++)
        {
            sum += _scores[i];
            if (sum > limit) break;
            scores[_tokens[i]] = float.NegativeInfinity;
        }
    }
}
