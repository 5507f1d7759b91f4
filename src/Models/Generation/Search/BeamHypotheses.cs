namespace NativeTrainer.Models;

/// <summary>The best finished beams of a row, or of a group of its beams.</summary>
/// <param name="capacity">How many are kept.</param>
/// <param name="config">length_penalty and early_stopping.</param>
/// <param name="promptLength">Positions that do not count.</param>
/// <param name="maxLength">The greatest length.</param>
internal sealed class BeamHypotheses(int capacity, GenerationConfig config, int promptLength, int maxLength)
{
    private readonly double _lengthPenalty = config.LengthPenalty;
    private readonly EarlyStopping _earlyStopping = config.EarlyStopping;
    private readonly List<Hypothesis> _beams = [];
    private double _worst = 1e9;

    /// <summary>The kept ones, in the order in which they came.</summary>
    public IReadOnlyList<Hypothesis> Beams => _beams;

    /// <summary>Whether nothing better is to be looked for.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Keeps a beam, if it is among the best.</summary>
    /// <param name="ids">Prompt and tokens, without the end.</param>
    /// <param name="sum">The sum of log-probabilities, that of the end included.</param>
    /// <param name="length">How many new tokens that is, the end included.</param>
    /// <param name="beams">Where the tokens' scores come from.</param>
    public void Add(ReadOnlySpan<long> ids, float sum, int length, ReadOnlySpan<int> beams)
    {
        var score = sum / Math.Pow(length, _lengthPenalty);
        if (_beams.Count >= capacity && !(score > _worst)) return;
        _beams.Add(new Hypothesis(score, ids.ToArray(), beams.ToArray()));
        if (_beams.Count <= capacity)
        {
            _worst = Math.Min(score, _worst);
            return;
        }
        var (lowest, second) = (0, double.PositiveInfinity);
        for (var i = 1; i < _beams.Count; i++)
        {
            if (_beams[i].Score < _beams[lowest].Score) lowest = i;
        }
        for (var i = 0; i < _beams.Count; i++)
        {
            if (i != lowest) second = Math.Min(second, _beams[i].Score);
        }
        _beams.RemoveAt(lowest);
        _worst = second;
    }

    /// <summary>Looks whether a beam that goes on can become better than the worst kept.</summary>
    /// <param name="best">The best sum among the candidates.</param>
    /// <param name="length">How long they are, prompt included.</param>
    public void Look(float best, int length)
    {
        if (IsDone || _beams.Count < capacity) return;
        var end = _earlyStopping == EarlyStopping.Never && _lengthPenalty > 0 ? maxLength : length;
        IsDone = _earlyStopping == EarlyStopping.True || _worst >= best / Math.Pow(end - promptLength, _lengthPenalty);
    }

    /// <summary>A finished beam.</summary>
    internal sealed record Hypothesis(double Score, long[] Ids, int[] Beams);
}
