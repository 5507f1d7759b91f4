using System.Numerics.Tensors;
using NativeTrainer.Tensors;
using Tensor = NativeTrainer.Tensors.Tensor;

namespace NativeTrainer.Models;

/// <summary>
/// Beam search, beam sampling and groups of beams: several continuations of each prompt, of which the best as a whole are kept.
/// </summary>
internal sealed class BeamLoop : GenerationLoop
{
    private readonly int _beams, _groups, _groupSize, _candidates;
    private readonly bool _sampled;
    private readonly BeamHypotheses[] _hypotheses; // of each group of each prompt
    private readonly TopCandidates _top;
    private readonly DiversityProcessor? _diversity;
    private readonly float[] _sums, _nextSums;
    private readonly long[] _tokens, _drawn;
    private readonly int[] _sources, _eos;
    private readonly (float Score, int Place)[] _sorted;
    private float[] _scratch = [];
    private int[] _history, _oldHistory; // [rows, steps]: from which row each token came

    public BeamLoop(GenerationPlan plan)
        : base(plan, plan.Config.NumBeams, (int)plan.Prompt.Size(0) * plan.Config.NumBeams / GroupsOf(plan.Config))
    {
        (_beams, _groups, _eos) = (plan.Config.NumBeams, GroupsOf(plan.Config), [.. plan.Eos]);
        (_groupSize, _sampled) = (_beams / _groups, plan.Config.DoSample);

        // Enough that beams remain when every end is among the candidates.
        _candidates = (_sampled ? 2 : Math.Max(2, 1 + _eos.Length)) * _groupSize;
        _top = new TopCandidates(_candidates);
        _diversity = Find<DiversityProcessor>();
        _hypotheses = new BeamHypotheses[Rows.Prompts * _groups];
        for (var i = 0; i < _hypotheses.Length; i++)
        {
            _hypotheses[i] = new BeamHypotheses(_groupSize, plan.Config, plan.PromptLength, plan.MaxLength);
        }
        (_sums, _tokens, _sources) = (new float[Rows.Count], new long[Rows.Count], new int[Rows.Count]);
        _nextSums = new float[_groupSize];
        (_drawn, _sorted) = (new long[_candidates], new (float, int)[_candidates]);
        _history = new int[Rows.Count * (plan.LastLength - plan.PromptLength)];
        _oldHistory = new int[_history.Length];

        // All beams of a group are the same at first: one alone may go on, or all would take the same tokens. Draws differ anyway.
        for (var row = 0; row < _sums.Length; row++) _sums[row] = _sampled || row % _groupSize == 0 ? 0 : -1e9f;
    }

    private int Steps => Rows.Length - Plan.PromptLength;

    private int HistoryWidth => Plan.LastLength - Plan.PromptLength;

    /// <inheritdoc/>
    public override GenerateOutput Result()
    {
        AddUnfinished();
        var keep = Plan.Config.NumReturnSequences;
        List<BeamHypotheses.Hypothesis> best = [];
        for (var prompt = 0; prompt < Rows.Prompts; prompt++)
        {
            // Of equal scores the later is the better one, as a stable sort and a pop from its end have it.
            var ranked = _hypotheses[(prompt * _groups)..((prompt + 1) * _groups)].SelectMany(group => group.Beams).OrderBy(beam => beam.Score);
            best.AddRange(ranked.Reverse().Take(keep));
        }
        var width = Math.Min(best.Max(beam => beam.Ids.Length) + 1, Plan.MaxLength);
        using var outside = TensorPool.Suspend();
        var sequences = Tensor.Empty([best.Count, width], DType.Int64);
        var ids = sequences.AsSpan<long>();
        List<int[]> indices = [];
        ids.Fill(Plan.Pad);
        for (var row = 0; row < best.Count; row++)
        {
            var beam = best[row];
            var line = ids.Slice(row * width, width);
            beam.Ids.CopyTo(line);
            if (beam.Ids.Length < width && Plan.Eos.Count > 0) line[beam.Ids.Length] = Plan.Eos[0];
            var sources = new int[width];
            Array.Fill(sources, -1);
            beam.Beams.CopyTo(sources, 0);
            indices.Add(sources);
        }
        return new GenerateOutput
        {
            Sequences = sequences,
            SequencesScores = [.. best.Select(beam => (float)beam.Score)],
            Scores = RecordedScores,
            RowsOfScores = Rows.Count,
            BeamIndices = indices,
            PromptLength = Plan.PromptLength,
        };
    }

    /// <inheritdoc/>
    protected override bool Advance()
    {
        var all = Decoder.Logits().AsSpan<float>();
        var vocabulary = all.Length / Rows.Count;
        for (var row = 0; row < Rows.Count; row++) Scores.LogSoftmax(all.Slice(row * vocabulary, vocabulary));
        Array.Clear(_tokens);
        var record = RecordedScores is null ? null : new float[all.Length];
        for (var group = 0; group < _groups; group++)
        {
            BeginGroup(group);
            for (var number = 0; number < Rows.Prompts * _groupSize; number++)
            {
                var row = RowOf(group, number);
                Process(number, row, all.Slice(row * vocabulary, vocabulary));
                all.Slice(row * vocabulary, record is null ? 0 : vocabulary).CopyTo(record.AsSpan(record is null ? 0 : row * vocabulary));
            }
            for (var prompt = 0; prompt < Rows.Prompts; prompt++)
            {
                var first = (prompt * _beams) + (group * _groupSize);
                Choose(prompt, group, first, all.Slice(first * vocabulary, _groupSize * vocabulary), vocabulary);
            }
        }
        if (record is not null) Record(record);
        Rows.Reorder(_sources);
        KeepHistory();
        Rows.Append(_tokens);
        if (Array.TrueForAll(_hypotheses, static beams => beams.IsDone)) return true;
        Decoder.Cache?.Reorder(_sources, Plan.PromptLength);
        return false;
    }

    private static int GroupsOf(GenerationConfig config) => config.Mode == GenerationMode.GroupBeamSearch ? config.NumBeamGroups : 1;

    private int RowOf(int group, int number) => (number / _groupSize * _beams) + (group * _groupSize) + (number % _groupSize);

    private void BeginGroup(int group)
    {
        Span<long> last = stackalloc long[Math.Min(256, Rows.Prompts * _groupSize)];
        if (last.Length < Rows.Prompts * _groupSize) last = new long[Rows.Prompts * _groupSize];
        for (var number = 0; number < last.Length; number++) last[number] = Rows.Row(RowOf(group, number))[^1];
        BeginStep(last);
        _diversity?.BeginGroup(group, _tokens);
    }

    // The next beams of a group of a prompt: the best candidates that do not end; those that end are kept aside.
    private void Choose(int prompt, int group, int first, Span<float> scores, int vocabulary)
    {
        var finished = _hypotheses[(prompt * _groups) + group];
        if (finished.IsDone)
        {
            for (var i = first; i < first + _groupSize; i++) (_sums[i], _tokens[i], _sources[i]) = (0, Plan.Pad, i);
            return;
        }
        for (var i = 0; i < _groupSize; i++)
        {
            var line = scores.Slice(i * vocabulary, vocabulary);
            TensorPrimitives.Add(line, _sums[first + i], line);
        }
        var candidates = _sampled ? Drawn(scores) : _top.Find(scores);
        var next = 0;
        for (var rank = 0; rank < candidates.Length && next < _groupSize; rank++)
        {
            var (sum, place) = candidates[rank];
            var (token, source) = (place % vocabulary, first + (place / vocabulary));
            if (Array.IndexOf(_eos, token) < 0)
            {
                (_tokens[first + next], _sources[first + next], _nextSums[next]) = (token, source, sum);
                next++;
            }
            else if (rank < _groupSize)
            {
                finished.Add(Rows.Row(source), sum, Steps + 1, [.. History(source), source]);
            }
        }
        if (next < _groupSize)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig), "eos_token_id takes all candidates of a beam; fewer ends, or a larger vocabulary, leave some");
        }
        _nextSums.AsSpan(0, _groupSize).CopyTo(_sums.AsSpan(first));
        finished.Look(Best(candidates), Rows.Length + 1);
    }

    // Drawn candidates, best first.
    private ReadOnlySpan<(float Score, int Place)> Drawn(Span<float> scores)
    {
        if (_scratch.Length < scores.Length) _scratch = new float[scores.Length];
        var probabilities = _scratch.AsSpan(0, scores.Length);
        scores.CopyTo(probabilities);
        Draw(probabilities, _drawn);
        for (var i = 0; i < _drawn.Length; i++)
        {
            var candidate = (scores[(int)_drawn[i]], (int)_drawn[i]);
            var at = i;
            for (; at > 0 && _sorted[at - 1].Score < candidate.Item1; at--) _sorted[at] = _sorted[at - 1];
            _sorted[at] = candidate;
        }
        return _sorted;
    }

    private static float Best(ReadOnlySpan<(float Score, int Place)> candidates)
    {
        var best = float.NegativeInfinity;
        foreach (var (score, _) in candidates) best = MathF.Max(best, score);
        return best;
    }

    private ReadOnlySpan<int> History(int row) => _history.AsSpan(row * HistoryWidth, Steps);

    private void KeepHistory()
    {
        (_history, _oldHistory) = (_oldHistory, _history);
        for (var row = 0; row < Rows.Count; row++)
        {
            _oldHistory.AsSpan(_sources[row] * HistoryWidth, Steps).CopyTo(_history.AsSpan(row * HistoryWidth));
            _history[(row * HistoryWidth) + Steps] = _sources[row];
        }
    }

    private void AddUnfinished()
    {
        for (var i = 0; i < _hypotheses.Length; i++)
        {
            if (_hypotheses[i].IsDone) continue;
            for (var row = i * _groupSize; row < (i + 1) * _groupSize; row++)
            {
                _hypotheses[i].Add(Rows.Row(row), _sums[row], Steps, History(row));
            }
        }
    }
}
