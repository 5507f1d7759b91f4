using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>GPT-2 written with libtorch's functions: nothing between the kernels but their calls.</summary>
internal sealed class TorchGpt
{
    private readonly int _width, _heads;
    private readonly List<TorchTensor[]> _blocks = [];
    private readonly TorchTensor? _tokens, _positions, _normWeight, _normBias;

    /// <summary>Random weights; without a vocabulary the blocks alone.</summary>
    public TorchGpt(int layers, int width, int heads, int length, int vocabulary = 0)
    {
        (_width, _heads) = (width, heads);
        for (var layer = 0; layer < layers; layer++)
        {
            _blocks.Add(
            [
                Ones(width), Weight(width), Weight(3 * width, width), Weight(3 * width), Weight(width, width), Weight(width),
                Ones(width), Weight(width), Weight(4 * width, width), Weight(4 * width), Weight(width, 4 * width), Weight(width),
            ]);
        }
        if (vocabulary == 0) return;
        (_tokens, _positions) = (Weight(vocabulary, width), Weight(length, width));
        (_normWeight, _normBias) = (Ones(width), Weight(width));
    }

    /// <summary>Everything that is trained.</summary>
    public IEnumerable<TorchTensor> Parameters =>
        _tokens is null ? _blocks.SelectMany(block => block) : [_tokens, _positions!, .. _blocks.SelectMany(block => block), _normWeight!, _normBias!];

    /// <summary>[batch, length, width] through the blocks.</summary>
    public TorchTensor Blocks(TorchTensor hidden)
    {
        var (batch, length) = (hidden.shape[0], hidden.shape[1]);
        foreach (var w in _blocks)
        {
            var qkv = F.linear(F.layer_norm(hidden, [_width], w[0], w[1]), w[2], w[3]).chunk(3, -1);
            var attended = F.scaled_dot_product_attention(Heads(qkv[0]), Heads(qkv[1]), Heads(qkv[2]), is_casual: true);
            hidden = hidden + F.linear(attended.transpose(1, 2).reshape(batch, length, _width), w[4], w[5]);
            var inner = F.gelu(F.linear(F.layer_norm(hidden, [_width], w[6], w[7]), w[8], w[9]));
            hidden = hidden + F.linear(inner, w[10], w[11]);
        }
        return hidden;

        TorchTensor Heads(TorchTensor x) => x.view(batch, length, _heads, _width / _heads).transpose(1, 2);
    }

    /// <summary>The mean loss of predicting each next id.</summary>
    public TorchTensor Loss(TorchTensor ids)
    {
        var hidden = _tokens!.index_select(0, ids.view(-1)).view(ids.shape[0], ids.shape[1], _width) + _positions![..(int)ids.shape[1]];
        var logits = F.linear(F.layer_norm(Blocks(hidden), [_width], _normWeight, _normBias), _tokens!);
        return F.cross_entropy(logits[.., ..^1].reshape(-1, logits.shape[2]), ids[.., 1..].reshape(-1));
    }

    private static TorchTensor Ones(int size) => new TorchSharp.Modules.Parameter(torch.ones(size));

    private static TorchTensor Weight(params long[] shape) => new TorchSharp.Modules.Parameter(torch.randn(shape) * 0.02);
}
