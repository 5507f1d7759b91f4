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

        // So unlikely that all of the vocabulary would not have 1 - p together: banned without being ordered.
        var mass = Gather(scores, (float)((1 - p) / scores.Length));
        if (_order.Count < minTokensToKeep) mass = Gather(scores, -1);
        var (banned, most) = (_order.Prefix((float)(1 - p), orEqual: true, mass), Math.Max(0, _order.Count - minTokensToKeep));
        if (banned > most)
        {
            _order.Sort();
            banned = most;
        }
        foreach (var token in _order.Tokens[banned..]) _probabilities[token.Id] = -1; // a mark for what stays
        for (var i = 0; i < scores.Length; i++)
        {
            if (_probabilities[i] >= 0) scores[i] = float.NegativeInfinity;
        }
    }

    // The likelier tokens go into order; the probability of the others comes back.
    private double Gather(ReadOnlySpan<float> scores, float limit)
    {
        var mass = 0.0;
        _order.Clear(scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            if (_probabilities[i] <= limit) mass += _probabilities[i];
            else if (scores[i] > float.NegativeInfinity) _order.Add(scores[i], _probabilities[i], i);
        }
        return mass;
    }
}
