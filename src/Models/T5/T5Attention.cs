using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Attention over several heads without a scale: initial weights take its place. A stack's first layer also holds the biases of relative
/// positions for all.
/// </summary>
internal sealed class T5Attention : Module
{
    private readonly int _index, _heads, _buckets, _maxDistance;
    private readonly bool _isDecoder;
    private readonly double _dropout;
    private readonly Linear _query, _key, _value, _output;
    private readonly Embedding? _positions;

    public T5Attention(T5Config config, int index, bool isDecoder, bool hasPositions)
    {
        (_index, _heads, _isDecoder, _dropout) = (index, config.NumHeads, isDecoder, config.DropoutRate);
        (_buckets, _maxDistance) = (config.RelativeAttentionNumBuckets, config.RelativeAttentionMaxDistance);
        var inner = config.NumHeads * config.HeadSize;
        _query = AddModule("q", new Linear(config.ModelSize, inner, bias: false));
        _key = AddModule("k", new Linear(config.ModelSize, inner, bias: false));
        _value = AddModule("v", new Linear(config.ModelSize, inner, bias: false));
        _output = AddModule("o", new Linear(inner, config.ModelSize, bias: false));
        if (hasPositions) _positions = AddModule("relative_attention_bias", new Embedding(_buckets, _heads));
    }

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public void Draw(T5Config config)
    {
        var (factor, perFeature) = (config.InitializerFactor, config.InitializerFactor * Math.Pow(config.ModelSize, -0.5));
        Init.Normal(_query.Weight, 0, factor * Math.Pow((double)config.ModelSize * config.HeadSize, -0.5));
        Init.Normal(_key.Weight, 0, perFeature);
        Init.Normal(_value.Weight, 0, perFeature);
        Init.Normal(_output.Weight, 0, factor * Math.Pow((double)config.NumHeads * config.HeadSize, -0.5));
        if (_positions is not null) Init.Normal(_positions.Weight, 0, perFeature);
    }

    /// <summary>The biases [1, heads, queries, keys] of the last <paramref name="queries"/> of <paramref name="keys"/> positions.</summary>
    public Tensor PositionBias(long queries, long keys)
    {
        var distances = Tensor.Empty([queries, keys], DType.Int64);
        var values = distances.AsSpan<long>();
        for (var query = 0; query < (int)queries; query++)
        {
            var row = values.Slice(query * (int)keys, (int)keys);
            for (var key = 0; key < row.Length; key++) row[key] = key - (keys - queries + query);
        }
        var buckets = distances.T5PositionBucket(!_isDecoder, _buckets, _maxDistance);
        return _positions!.Forward(buckets).Permute(2, 0, 1).Unsqueeze(0);
    }

    /// <summary>Attention of a stack's positions to each other.</summary>
    /// <param name="hidden">[batch, length, features].</param>
    /// <param name="summands">What is added to the scores.</param>
    /// <param name="cache">Takes the new keys and values, and gives those of the past.</param>
    /// <param name="weights">Where attention weights are added.</param>
    public Tensor Forward(Tensor hidden, in AttentionSummands summands, KeyValueCache? cache, List<Tensor>? weights)
    {
        Tensor key = Heads(_key.Forward(hidden)), value = Heads(_value.Forward(hidden));
        if (cache is not null)
        {
            var isFirst = cache.Length == 0;
            var (keys, values) = cache.Append(_index, key, value);
            if (!isFirst) (key, value) = (keys, values); // else the same numbers, which carry gradients
        }
        return Mix(hidden, key, value, summands, weights);
    }

    /// <summary>Attention of the decoder's positions to the encoder's.</summary>
    /// <param name="hidden">[batch, length, features].</param>
    /// <param name="encoded">The encoder's states [batch, positions, features].</param>
    /// <param name="summands">What is added to the scores.</param>
    /// <param name="cache">The keys and values of the encoder's states, which the first pass puts in.</param>
    /// <param name="weights">Where attention weights are added.</param>
    public Tensor Cross(Tensor hidden, Tensor encoded, in AttentionSummands summands, KeyValueCache? cache, List<Tensor>? weights)
    {
        if (cache is { Length: > 0 }) return Mix(hidden, cache.Keys(_index), cache.Values(_index), summands, weights);
        Tensor key = Heads(_key.Forward(encoded)), value = Heads(_value.Forward(encoded));
        cache?.Append(_index, key, value);
        return Mix(hidden, key, value, summands, weights);
    }

    private Tensor Mix(Tensor hidden, Tensor key, Tensor value, in AttentionSummands summands, List<Tensor>? weights)
    {
        var query = Heads(_query.Forward(hidden));
        var mixed = summands.Attend(query, key, value, scale: 1, IsTraining ? _dropout : 0, weights);
        return _output.Forward(mixed.Permute(0, 2, 1, 3).Reshape(hidden.Size(0), hidden.Size(1), -1));
    }

    // [batch, length, heads × size] → [batch, heads, length, size]
    private Tensor Heads(Tensor projected) =>
        projected.Reshape(projected.Size(0), projected.Size(1), _heads, projected.Size(2) / _heads).Permute(0, 2, 1, 3);
}
