using System.Numerics.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Keeps the tokens whose surprise is closest to what is to be expected (the entropy) and that together have a given probability
/// (https://arxiv.org/abs/2202.00666). What is as close as the last of them stays too.
/// </summary>
/// <param name="mass">The probability.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class TypicalWarper(double mass, int minTokensToKeep = 1) : LogitsProcessor
{
    private readonly MassOrder _order = new();
    private float[] _logs = [], _probabilities = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (_logs.Length != scores.Length) (_logs, _probabilities) = (new float[scores.Length], new float[scores.Length]);
        scores.CopyTo(_logs);
        Scores.LogSoftmax(_logs);
        TensorPrimitives.Exp(_logs, _probabilities);
        var entropy = 0.0;
        for (var i = 0; i < _logs.Length; i++)
        {
            if (_probabilities[i] > 0) entropy -= _logs[i] * _probabilities[i];
        }
        _order.Clear(scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > float.NegativeInfinity) _order.Add(MathF.Abs(-_logs[i] - (float)entropy), _probabilities[i], i);
        }
        var last = _order.Prefix((float)mass, orEqual: false);
        if (last >= _order.Count) return;
        var furthest = _order.Tokens[last].Key;
        var kept = last + 1;
        if (minTokensToKeep > kept)
        {
            _order.Sort();
            kept = Math.Min(minTokensToKeep, _order.Count);
        }
        foreach (var token in _order.Tokens[kept..])
        {
            if (token.Key > furthest) scores[token.Id] = float.NegativeInfinity;
        }
    }
}
