using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>A token's, its segment's and its position's vector, added, normed, dropout.</summary>
internal sealed class BertEmbeddings : Module
{
    private readonly Embedding _positions, _segments;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertEmbeddings(BertConfig config)
    {
        Tokens = AddModule("word_embeddings", new Embedding(config.VocabSize, config.HiddenSize, config.PadTokenId));
        _positions = AddModule("position_embeddings", new Embedding(config.MaxPositionEmbeddings, config.HiddenSize));
        _segments = AddModule("token_type_embeddings", new Embedding(config.TypeVocabSize, config.HiddenSize));
        _norm = AddModule("LayerNorm", new LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        _dropout = AddModule("dropout", new Dropout(config.HiddenDropout));
    }

    public Embedding Tokens { get; }

    /// <summary>[batch, length, hidden].</summary>
    public Tensor Forward(Tensor tokens, Tensor? segmentIds, Tensor? positionIds)
    {
        var length = tokens.Size(1);
        var hidden = tokens + (segmentIds is { } given ? _segments.Forward(given.Reshape(-1, length)) : FirstSegment());
        hidden += _positions.Forward(positionIds?.Reshape(-1, length) ?? PositionIds.From(0, length));
        return _dropout.Forward(_norm.Forward(hidden));
    }

    // Without ids all positions are of segment 0: one row serves them all.
    private Tensor FirstSegment()
    {
        var id = Tensor.Empty([1], DType.Int64);
        id.AsSpan<long>()[0] = 0;
        return _segments.Forward(id);
    }
}
