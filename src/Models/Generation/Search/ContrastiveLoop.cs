using System.Numerics.Tensors;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;
using Tensor = NativeTrainer.Tensors.Tensor;

namespace NativeTrainer.Models;

/// <summary>
/// Contrastive search (https://arxiv.org/abs/2202.06417): of the k likeliest tokens the one that is likely and whose state is least like any
/// before it.
/// </summary>
/// <remarks>
/// The candidates of a row are rows that lie side by side and differ in their last position; with low_memory they are tried one after the
/// other. Padding counts as what was before, as in Hugging Face.
/// </remarks>
internal sealed class ContrastiveLoop : GenerationLoop, IStreamedLoop
{
    private readonly int _k, _prompts;
    private readonly bool _oneByOne;
    private readonly float _alpha;
    private readonly TopCandidates _top;
    private readonly bool[] _ended;
    private readonly int[] _eos, _sources;
    private readonly long[] _candidates, _chosen, _last, _tokens;
    private readonly float[] _probabilities;
    private float[] _context = [], _states = [], _logits = []; // [prompts, positions, hidden], [candidates, hidden], [prompts, vocabulary]
    private int _hidden, _seen;

    public ContrastiveLoop(GenerationPlan plan)
        : base(plan, plan.Config.LowMemory ? 1 : plan.Config.TopK, (int)plan.Prompt.Size(0))
    {
        (_k, _oneByOne, _alpha) = (plan.Config.TopK, plan.Config.LowMemory, (float)plan.Config.PenaltyAlpha!.Value);
        if (_k > plan.Model.Config.VocabSize)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig), $"top_k is {_k}, expected at most the vocabulary's {plan.Model.Config.VocabSize}");
        }
        (_prompts, _eos) = (Rows.Prompts, [.. plan.Eos]);
        (_top, _ended, _sources) = (new TopCandidates(_k), new bool[_prompts], new int[Rows.Count]);
        (_candidates, _chosen, _last) = (new long[_prompts * _k], new long[_prompts], new long[_prompts]);
        (_tokens, _probabilities) = (new long[Rows.Count], new float[_prompts * _k]);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<bool> Ended => _ended;

    /// <inheritdoc/>
    public long TokenOf(int row) => Rows.Row(row * Rows.Times)[^1];

    /// <inheritdoc/>
    public override GenerateOutput Result() => new()
    {
        Sequences = Rows.CopyIds(once: true), Scores = RecordedScores, RowsOfScores = _prompts, PromptLength = Plan.PromptLength,
    };

    /// <inheritdoc/>
    protected override bool Advance()
    {
        if (_seen == 0) ReadPrompts();
        FindCandidates();
        if (_oneByOne) TryOneByOne();
        else TryTogether();
        return ChooseAndKeep();
    }

    private void ReadPrompts()
    {
        KeepLogits(Decoder.Logits().AsSpan<float>(), static row => row);
        var states = Decoder.States;
        var length = (int)states.Size(1);
        _hidden = (int)states.Size(2);
        _context = new float[_prompts * Plan.LastLength * _hidden];
        _states = new float[_prompts * _k * _hidden];
        var single = Single(states);
        for (var prompt = 0; prompt < _prompts; prompt++)
        {
            for (var i = 0; i < length; i++)
            {
                Normalize(single.AsSpan<float>().Slice(((prompt * length) + i) * _hidden, _hidden), Context(prompt, i));
            }
        }
        _seen = length;
    }

    private void FindCandidates()
    {
        for (var prompt = 0; prompt < _prompts; prompt++) _last[prompt] = Rows.Row(prompt * Rows.Times)[^1];
        BeginStep(_last);
        var vocabulary = _logits.Length / _prompts;
        for (var prompt = 0; prompt < _prompts; prompt++) Process(prompt, prompt * Rows.Times, _logits.AsSpan(prompt * vocabulary, vocabulary));
        Record(_logits);
        for (var prompt = 0; prompt < _prompts; prompt++)
        {
            var scores = _logits.AsSpan(prompt * vocabulary, vocabulary);
            Scores.Softmax(scores);
            var found = _top.Find(scores);
            for (var i = 0; i < found.Length; i++) (_probabilities[(prompt * _k) + i], _candidates[(prompt * _k) + i]) = found[i];
        }
    }

    private void TryTogether()
    {
        Rows.Append(_candidates);
        var logits = Decoder.Logits();
        KeepStates(candidate => candidate);
        Choose();
        KeepLogits(logits.AsSpan<float>(), prompt => (prompt * _k) + (int)_chosen[prompt]);
        for (var row = 0; row < _sources.Length; row++) _sources[row] = (row / _k * _k) + (int)_chosen[row / _k];
        Decoder.Cache!.Reorder(_sources, Decoder.Cache.Length - 1);
    }

    private void TryOneByOne()
    {
        for (var i = 0; i < _k; i++)
        {
            for (var prompt = 0; prompt < _prompts; prompt++) _tokens[prompt] = _candidates[(prompt * _k) + i];
            Rows.Append(_tokens);
            _ = Decoder.Logits();
            var number = i;
            KeepStates(prompt => (prompt * _k) + number);
            Rows.RemoveLast();
            Decoder.Cache!.Truncate(Decoder.Cache.Length - 1);
        }
        Choose();
        for (var prompt = 0; prompt < _prompts; prompt++) _tokens[prompt] = _candidates[(prompt * _k) + _chosen[prompt]];
        Rows.Append(_tokens);
        KeepLogits(Decoder.Logits().AsSpan<float>(), static row => row);
    }

    private void Choose()
    {
        for (var prompt = 0; prompt < _prompts; prompt++)
        {
            var best = float.NegativeInfinity;
            for (var i = 0; i < _k; i++)
            {
                var candidate = (prompt * _k) + i;
                var state = _states.AsSpan(candidate * _hidden, _hidden);
                var likeness = float.NegativeInfinity;
                for (var at = 0; at < _seen; at++) likeness = MathF.Max(likeness, TensorPrimitives.Dot(state, Context(prompt, at)));
                var score = ((1 - _alpha) * _probabilities[candidate]) - (_alpha * likeness);
                if (i > 0 && !(score > best)) continue;
                (best, _chosen[prompt]) = (score, i);
            }
        }
    }

    private bool ChooseAndKeep()
    {
        var allEnded = true;
        for (var prompt = 0; prompt < _prompts; prompt++)
        {
            var candidate = (prompt * _k) + (int)_chosen[prompt];
            var token = _ended[prompt] ? Plan.Pad : _candidates[candidate];
            if (_seen < Plan.LastLength) _states.AsSpan(candidate * _hidden, _hidden).CopyTo(Context(prompt, _seen));
            _tokens.AsSpan(prompt * Rows.Times, Rows.Times).Fill(token);
            _ended[prompt] |= Array.IndexOf(_eos, (int)token) >= 0;
            allEnded &= _ended[prompt];
        }
        _seen++;
        Rows.SetLast(_tokens);
        return allEnded;
    }

    private Span<float> Context(int prompt, int position) => _context.AsSpan(((prompt * Plan.LastLength) + position) * _hidden, _hidden);

    private void KeepStates(Func<int, int> placeOf)
    {
        var states = Single(Decoder.States).AsSpan<float>();
        for (var row = 0; row < Rows.Count; row++)
        {
            Normalize(states.Slice(row * _hidden, _hidden), _states.AsSpan(placeOf(row) * _hidden, _hidden));
        }
    }

    private void KeepLogits(ReadOnlySpan<float> logits, Func<int, int> rowOf)
    {
        var vocabulary = logits.Length / Rows.Count;
        if (_logits.Length == 0) _logits = new float[_prompts * vocabulary];
        var step = _seen == 0 ? Rows.Times : 1;
        for (var prompt = 0; prompt < _prompts; prompt++)
        {
            logits.Slice(rowOf(prompt) * step * vocabulary, vocabulary).CopyTo(_logits.AsSpan(prompt * vocabulary));
        }
    }

    private static void Normalize(ReadOnlySpan<float> state, Span<float> target) =>
        TensorPrimitives.Divide(state, TensorPrimitives.Norm(state), target);

    private static Tensor Single(Tensor states)
    {
        if (states.DType == DType.Float32 && states.IsContiguous) return states;
        var single = Tensor.Empty(states.Shape, DType.Float32, states.Device);
        Backend.For(single).Copy(states, single);
        return single;
    }
}
