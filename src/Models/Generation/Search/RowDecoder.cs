using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Asks a model for the scores of what follows each row, and keeps what it knows of the past.</summary>
internal abstract class RowDecoder(GenerationRows rows, KeyValueCache? cache)
{
    /// <summary>The rows.</summary>
    public GenerationRows Rows { get; } = rows;

    /// <summary>Keys and values of the past; null where everything is read again for each token.</summary>
    public KeyValueCache? Cache { get; } = cache;

    /// <summary>
    /// The model's last states of what <see cref="Logits"/> has just read: the prompts [batch, length, hidden], or each row's last token.
    /// </summary>
    public Tensor States { get; private set; }

    /// <summary>The scores [rows, vocabulary] of float32, contiguous.</summary>
    /// <remarks>A prompt that has several rows is read once; then its keys and values are repeated.</remarks>
    public Tensor Logits()
    {
        var isFirst = Cache is { Length: 0 };
        States = Read(newOnly: Cache is { Length: > 0 }, once: isFirst);
        var logits = Single(Head(States.Select(1, -1)));
        if (!isFirst || Rows.Times == 1) return logits;
        Cache!.Expand(Rows.Times);
        var repeated = Tensor.Empty([Rows.Count, logits.Size(1)], DType.Float32);
        for (var i = 0; i < Rows.Times; i++)
        {
            var part = repeated.WithLayout(repeated.Layout.Slice(0, i, Rows.Prompts, Rows.Times));
            Backend.For(part).Copy(logits, part);
        }
        return repeated;
    }

    /// <summary>The states of all positions, or of the new ones.</summary>
    protected abstract Tensor Read(bool newOnly, bool once);

    /// <summary>States [rows, hidden] → scores.</summary>
    protected abstract Tensor Head(Tensor states);

    private static Tensor Single(Tensor logits)
    {
        if (logits.DType == DType.Float32 && logits.IsContiguous) return logits;
        var single = Tensor.Empty(logits.Shape, DType.Float32, logits.Device);
        Backend.For(single).Copy(logits, single);
        return single;
    }
}

/// <summary>Rows of a model that continues them.</summary>
internal sealed class CausalDecoder(ICausalLanguageModel model, GenerationRows rows, KeyValueCache? cache) : RowDecoder(rows, cache)
{
    protected override Tensor Read(bool newOnly, bool once) =>
        model.LastHiddenStates(Rows.Ids(newOnly, once), Rows.Mask(once), Rows.Positions(newOnly, once), Cache);

    protected override Tensor Head(Tensor states) => model.LogitsOf(states);
}

/// <summary>Rows that a decoder writes about what an encoder has read.</summary>
internal sealed class Seq2SeqDecoder : RowDecoder
{
    private readonly ISeq2SeqLanguageModel _model;
    private readonly Tensor _states, _rowStates;
    private readonly Tensor? _mask, _rowMask;

    /// <summary>Runs the encoder.</summary>
    public Seq2SeqDecoder(ISeq2SeqLanguageModel model, Tensor inputIds, Tensor? mask, GenerationRows rows, KeyValueCache? cache)
        : base(rows, cache)
    {
        _model = model;
        using var outside = TensorPool.Suspend();
        using var silent = NoGrad.Enter();
        (_states, _mask) = (model.Encode(inputIds, mask), mask);
        _rowStates = Repeated(_states, rows.Times);
        _rowMask = mask is { } flags ? Repeated(flags, rows.Times) : null;
    }

    protected override Tensor Read(bool newOnly, bool once) => once
        ? _model.LastHiddenStates(Rows.Ids(newOnly, once), _states, _mask, Cache)
        : _model.LastHiddenStates(Rows.Ids(newOnly, once), _rowStates, _rowMask, Cache);

    protected override Tensor Head(Tensor states) => _model.LogitsOf(states);

    private static Tensor Repeated(Tensor source, int times)
    {
        if (times == 1) return source;
        var repeated = Tensor.Empty(source.Shape.With(0, source.Size(0) * times), source.DType, source.Device);
        for (var i = 0; i < times; i++)
        {
            var part = repeated.WithLayout(repeated.Layout.Slice(0, i, source.Size(0), times));
            Backend.For(part).Copy(source, part);
        }
        return repeated;
    }
}
