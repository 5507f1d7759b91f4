namespace NativeTrainer.Models;

/// <summary>
/// Bans the unlikeliest tokens whose probabilities together do not exceed 1 − p; the likeliest always stays
/// (https://arxiv.org/abs/1904.09751).
/// </summary>
/// <param name="p">The probability that what stays has at least.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class TopPWarper(double p, int minTokensToKeep = 1) : LogitsProcessor
{
    private readonly MassOrder _order = new();
    private float[] _probabilities = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (_probabilities.Length != scores.Length) _probabilities = new float[scores.Length];
        scores.CopyTo(_probabilities);
        Scores.Softmax(_probabilities);
        _order.Clear(scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > float.NegativeInfinity) _order.Add(scores[i], _probabilities[i], i);
        }
        var (banned, most) = (_order.Prefix((float)(1 - p), orEqual: true), Math.Max(0, _order.Count - minTokensToKeep));
        if (banned > most)
        {
            _order.Sort();
            banned = most;
        }
        foreach (var token in _order.Tokens[..banned]) scores[token.Id] = float.NegativeInfinity;
    }
}
