using System.Numerics.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// As <see cref="EpsilonWarper"/>, with a limit of min(ε, √ε · exp(−entropy)): a flat distribution keeps more
/// (https://arxiv.org/abs/2210.15191).
/// </summary>
/// <param name="epsilon">ε, between 0 and 1.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class EtaWarper(double epsilon, int minTokensToKeep = 1) : LogitsProcessor
{
    private readonly HighestScores _highest = new(minTokensToKeep);
    private float[] _logs = [], _probabilities = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (_logs.Length != scores.Length) (_logs, _probabilities) = (new float[scores.Length], new float[scores.Length]);
        scores.CopyTo(_logs);
        Scores.LogSoftmax(_logs);
        TensorPrimitives.Exp(_logs, _probabilities);
        var entropy = 0.0;
        for (var i = 0; i < _logs.Length; i++) entropy -= MathF.Max(_logs[i], float.MinValue) * _probabilities[i];
        scores.CopyTo(_probabilities);
        Scores.Softmax(_probabilities);
        var limit = MathF.Min((float)epsilon, MathF.Sqrt((float)epsilon) * MathF.Exp(-(float)entropy));
        EpsilonWarper.BanUnlikely(scores, _probabilities, limit, _highest);
    }
}
