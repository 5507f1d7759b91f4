using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>BERT with a classifier, written with libtorch's functions.</summary>
internal sealed class TorchBert
{
    private readonly int _width, _heads;
    private readonly TorchTensor _tokens, _positions, _types, _normWeight, _normBias, _poolWeight, _poolBias, _headWeight, _headBias;
    private readonly List<TorchTensor[]> _layers = [];

    public TorchBert(int vocabulary, int positions, int layers, int width, int heads, int inner, int labels)
    {
        (_width, _heads) = (width, heads);
        (_tokens, _positions, _types) = (Weight(vocabulary, width), Weight(positions, width), Weight(2, width));
        (_normWeight, _normBias) = (Ones(width), Weight(width));
        for (var layer = 0; layer < layers; layer++)
        {
            _layers.Add(
            [
                Weight(width, width), Weight(width), Weight(width, width), Weight(width), Weight(width, width), Weight(width),
                Weight(width, width), Weight(width), Ones(width), Weight(width), Weight(inner, width), Weight(inner), Weight(width, inner),
                Weight(width), Ones(width), Weight(width),
            ]);
        }
        (_poolWeight, _poolBias, _headWeight, _headBias) = (Weight(width, width), Weight(width), Weight(labels, width), Weight(labels));
    }

    /// <summary>Everything that is trained.</summary>
    public IEnumerable<TorchTensor> Parameters =>
        [_tokens, _positions, _types, _normWeight, _normBias, .. _layers.SelectMany(layer => layer), _poolWeight, _poolBias, _headWeight, _headBias];

    /// <summary>The mean loss of classifying texts; the mask has 1 for tokens.</summary>
    public TorchTensor Loss(TorchTensor ids, TorchTensor mask, TorchTensor labels)
    {
        var (rows, length) = (ids.shape[0], ids.shape[1]);
        var embedded = _tokens.index_select(0, ids.view(-1)).view(rows, length, _width) + _positions[..(int)length] + _types[0];
        var hidden = F.layer_norm(embedded, [_width], _normWeight, _normBias);
        var added = (1 - mask).mul(float.MinValue).view(rows, 1, 1, length);
        foreach (var w in _layers)
        {
            var attended = F.scaled_dot_product_attention(
                Heads(F.linear(hidden, w[0], w[1])), Heads(F.linear(hidden, w[2], w[3])), Heads(F.linear(hidden, w[4], w[5])), added);
            var joined = F.linear(attended.transpose(1, 2).reshape(rows, length, _width), w[6], w[7]);
            hidden = F.layer_norm(joined + hidden, [_width], w[8], w[9]);
            hidden = F.layer_norm(F.linear(F.gelu(F.linear(hidden, w[10], w[11])), w[12], w[13]) + hidden, [_width], w[14], w[15]);
        }
        var pooled = F.linear(hidden.select(1, 0), _poolWeight, _poolBias).tanh();
        return F.cross_entropy(F.linear(pooled, _headWeight, _headBias), labels);

        TorchTensor Heads(TorchTensor x) => x.view(rows, length, _heads, _width / _heads).transpose(1, 2);
    }

    private static TorchTensor Ones(int size) => new TorchSharp.Modules.Parameter(torch.ones(size));

    private static TorchTensor Weight(params long[] shape) => new TorchSharp.Modules.Parameter(torch.randn(shape) * 0.02);
}
