namespace NativeTrainer.Models;

/// <summary>Greedy search and sampling: each row takes its likeliest token, or draws one.</summary>
/// <remarks>Allocates nothing once the first few steps are done.</remarks>
internal sealed class TokenLoop : GenerationLoop, IStreamedLoop
{
    private readonly bool[] _ended;
    private readonly long[] _tokens;
    private readonly int[] _eos;

    public TokenLoop(GenerationPlan plan)
        : base(plan, plan.Config.NumReturnSequences, (int)plan.Prompt.Size(0) * plan.Config.NumReturnSequences)
    {
        (_ended, _tokens, _eos) = (new bool[Rows.Count], new long[Rows.Count], [.. plan.Eos]);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<bool> Ended => _ended;

    /// <inheritdoc/>
    public long TokenOf(int row) => _tokens[row];

    /// <inheritdoc/>
    public override GenerateOutput Result() => new()
    {
        Sequences = Rows.CopyIds(once: false), Scores = RecordedScores, RowsOfScores = Rows.Count, PromptLength = Plan.PromptLength,
    };

    /// <inheritdoc/>
    protected override bool Advance()
    {
        var all = Decoder.Logits().AsSpan<float>();
        var vocabulary = all.Length / _tokens.Length;
        BeginStep();
        for (var row = 0; row < _tokens.Length; row++) Process(row, row, all.Slice(row * vocabulary, vocabulary));
        Record(all);
        var allEnded = true;
        for (var row = 0; row < _tokens.Length; row++)
        {
            // Rows that have ended draw too, so that the others' draws do not depend on it.
            var token = Choose(all.Slice(row * vocabulary, vocabulary));
            _tokens[row] = _ended[row] ? Plan.Pad : token;
            _ended[row] |= Array.IndexOf(_eos, (int)token) >= 0;
            allEnded &= _ended[row];
        }
        Rows.Append(_tokens);
        return allEnded;
    }

    private long Choose(Span<float> scores)
    {
        if (Random is null) return Scores.Argmax(scores);
        var sample = 0L;
        Draw(scores, new Span<long>(ref sample));
        return sample;
    }
}
