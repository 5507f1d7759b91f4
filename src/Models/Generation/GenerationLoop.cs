using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Rows that grow by one token at each <see cref="Step"/>, greedily or by sampling, until all have ended.</summary>
/// <remarks>A step runs in the memory of a pool and allocates nothing once the first few are done.</remarks>
internal sealed class GenerationLoop : IDisposable
{
    private readonly ICausalLanguageModel _model;
    private readonly TensorPool _pool = new();
    private readonly TorchGenerator? _random; // null: greedy
    private readonly List<LogitsProcessor> _processors;
    private readonly GenerationInputs _inputs;
    private readonly KeyValueCache? _cache;
    private readonly IReadOnlyList<int> _eos;
    private readonly int _pad, _maxLength;
    private readonly bool[] _ended;
    private readonly long[] _tokens;

    /// <summary>Checks everything that can be checked before the first token.</summary>
    public GenerationLoop(PreTrainedModel model, Tensor inputIds, Tensor? attentionMask, GenerationConfig? config, Action<string>? warn)
    {
        _model = model as ICausalLanguageModel ?? throw new NotSupportedException($"{model.Architecture} does not generate text");
        var settings = config ?? model.GenerationConfig ?? new GenerationConfig();
        settings.Validate();
        if (inputIds.Rank != 2 || inputIds.ElementCount == 0)
        {
            throw new ArgumentException($"input_ids is [batch, length] with at least one id a row, found {inputIds}", nameof(inputIds));
        }
        var (rows, prompt) = ((int)inputIds.Size(0), (int)inputIds.Size(1));
        var length = settings.MaxNewTokens is { } count ? prompt + count : settings.MaxLength!.Value;
        _maxLength = Math.Max(length, prompt + 1); // one token at least

        // Ids that the settings do not have are those of the model, but an end that is only the model's brings no padding with it.
        var pad = settings.PadTokenId ?? (settings.EosTokenIds.Count > 0 ? settings.EosTokenIds[0] : model.GenerationConfig?.PadTokenId);
        _eos = settings.EosTokenIds.Count > 0 ? settings.EosTokenIds : model.GenerationConfig?.EosTokenIds ?? [];
        if (_eos.Count > 0 && pad is null)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig), "pad_token_id is null, expected an id to fill up rows that end with eos_token_id");
        }
        _pad = pad ?? 0;

        _inputs = new GenerationInputs(inputIds, attentionMask, _maxLength, pad is { } id && !_eos.Contains(id) ? id : null);
        _cache = settings.UseCache ? new KeyValueCache(Math.Min(_maxLength, model.Config.MaxPositions ?? _maxLength)) : null;
        _processors = LogitsProcessor.Warpers(settings);
        if (settings.DoSample) _random = settings.Seed is { } seed ? new TorchGenerator(seed) : TorchGenerator.Default;
        (_ended, _tokens) = (new bool[rows], new long[rows]);
        if (warn is not null) Warn(warn, settings, prompt);
    }

    /// <summary>Whether every row has ended, or reached the greatest length.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What the last step gave each row: a token, or padding where the row had ended before.</summary>
    public ReadOnlySpan<long> Tokens => _tokens;

    /// <summary>All rows so far: [batch, length] of int64, outside every pool.</summary>
    public Tensor Sequences() => _inputs.CopyIds();

    /// <summary>Gives every row one token.</summary>
    public void Step()
    {
        using var silent = NoGrad.Enter();
        using var scope = _pool.Enter();
        var isFirst = _cache is null || _cache.Length == 0;
        var logits = _model.NextTokenLogits(_inputs.Ids(newOnly: !isFirst), _inputs.Mask, _inputs.Positions(newOnly: !isFirst), _cache);
        var scores = Single(logits).AsSpan<float>();
        var vocabulary = scores.Length / _tokens.Length;
        for (var row = 0; row < _tokens.Length; row++)
        {
            var token = Choose(row, scores.Slice(row * vocabulary, vocabulary));
            _tokens[row] = _ended[row] ? _pad : token;
            _ended[row] |= _eos.Contains((int)token);
        }
        _inputs.Append(_tokens);
        IsDone = _inputs.Length >= _maxLength || Array.TrueForAll(_ended, static ended => ended);
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    // Rows that have ended draw too, so that the others' draws do not depend on it.
    private long Choose(int row, Span<float> scores)
    {
        foreach (var processor in _processors) processor.Process(row, _inputs.Row(row), scores);
        if (_random is null) return Scores.Argmax(scores);
        Scores.Softmax(scores);
        var sample = 0L;
        _random.Multinomial(scores, new Span<long>(ref sample));
        return sample;
    }

    private void Warn(Action<string> warn, GenerationConfig settings, int prompt)
    {
        foreach (var text in settings.Warnings()) warn(text);
        if (settings.MaxNewTokens is null && settings.MaxLength is { } most)
        {
            if (prompt >= most) warn(
                $"the prompt has {prompt} ids and max_length is {most}: it gets one token all the same; set max_new_tokens");
            else if (settings.IsAtDefault("max_length")) warn($"max_length is {most} by default, the prompt included; set max_new_tokens");
        }
        if (_inputs.EndsWithPadding) warn("a row ends with padding; prompts of this model are padded on the left");
    }

    private static Tensor Single(Tensor logits)
    {
        if (logits.DType == DType.Float32 && logits.IsContiguous) return logits;
        var single = Tensor.Empty(logits.Shape, DType.Float32, logits.Device);
        Backend.For(single).Copy(logits, single);
        return single;
    }
}
