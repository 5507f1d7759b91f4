namespace NativeTrainer.Models;

/// <summary>
/// Takes from the scores of a group of beams what groups before it have taken in the same step (https://arxiv.org/abs/1610.02424).
/// </summary>
/// <param name="penalty">What a token loses for each beam that has taken it.</param>
/// <param name="beams">Beams of a row, of all groups.</param>
/// <param name="groups">Into how many groups they are divided.</param>
public sealed class DiversityProcessor(double penalty, int beams, int groups) : LogitsProcessor
{
    private readonly float _penalty = (float)penalty;
    private readonly int _groupSize = beams / groups;
    private long[] _tokens = [];
    private int _group;

    /// <summary>Says which group comes next, and what the groups before it have taken.</summary>
    /// <param name="group">Its number.</param>
    /// <param name="tokens">The tokens of all beams of all rows, row by row; those of later groups are not looked at.</param>
    public void BeginGroup(int group, long[] tokens) => (_group, _tokens) = (group, tokens);

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        var taken = _tokens.AsSpan(row / _groupSize * beams, _group * _groupSize);
        for (var i = 0; i < taken.Length; i++)
        {
            if (taken[..i].Contains(taken[i])) continue;
            var count = 0;
            foreach (var token in taken) count += token == taken[i] ? 1 : 0;
            scores[(int)taken[i]] -= _penalty * count;
        }
    }
}
