using NativeTrainer.Autograd;
using NativeTrainer.Tensors;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>Operations on rows and attention, forward and backward.</summary>
internal static class Functions
{
    /// <summary>Bytes: forward reads and writes, backward reads two and writes one.</summary>
    private const int Passes = 5;

    public static Duel Softmax() => OfOne("softmax", [8192, 1024], x => x[0].Softmax(-1), () => x => F.softmax(x, -1));

    public static Duel Gelu() => OfOne("gelu", [2048, 4096], x => x[0].Gelu(), () => x => F.gelu(x));

    public static Duel LayerNorm()
    {
        const int size = 1024;
        var (weight, bias) = (Data.Normal(size), Data.Normal(size));
        return OfOne(
            "layernorm", [8192, size], x => x[0].LayerNorm(x[1], x[2]),
            () =>
            {
                var (scale, shift) = (Torch.Normal(true, size), Torch.Normal(true, size));
                return x => F.layer_norm(x, [size], scale, shift);
            },
            weight, bias);
    }

    /// <summary>The vocabulary of GPT-2; forward reads the logits, backward reads them and writes their gradient.</summary>
    public static Duel CrossEntropy()
    {
        const int rows = 1024, vocabulary = 50257;
        var (logits, targets) = (Data.Normal(rows, vocabulary), Data.Ids(vocabulary, rows));
        return Duel.Bytes("cross-entropy", 3.0 * 4 * rows * vocabulary, Backward(x => x[0].CrossEntropy(targets), null, logits)).Against(() =>
        {
            var (x, y) = (Torch.Normal(true, rows, vocabulary), torch.randint(vocabulary, [rows], torch.int64));
            return () => Backward(F.cross_entropy(x, y), null, x);
        });
    }

    /// <summary>Batch 8, 6 heads of 64, 1,024 positions, causal.</summary>
    public static Duel Attention()
    {
        long[] shape = [8, 6, 1024, 64];
        var (q, k, v) = (Data.Normal(shape), Data.Normal(shape), Data.Normal(shape));
        var gradient = Data.Normal(shape);
        // Half of the scores; forward has 2 products of that size, backward 5.
        var operations = 7.0 * 2 * 8 * 6 * 1024 * 1024 * 64 / 2;
        return Duel.Rate(
            "attention-1024", operations, Backward(x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], isCausal: true), gradient, q, k, v)).Against(() =>
        {
            var (a, b, c) = (Torch.Normal(true, shape), Torch.Normal(true, shape), Torch.Normal(true, shape));
            var g = Torch.Normal(false, shape);
            return () => Backward(F.scaled_dot_product_attention(a, b, c, is_casual: true), g, a, b, c);
        });
    }

    /// <summary>Forward and backward in memory of its own, as within a training step: the inputs' gradients live no longer than it.</summary>
    internal static Action Backward(Func<Tensor[], Tensor> forward, Tensor? gradient, params Tensor[] inputs)
    {
        var (pool, activations, anchor) = (new TensorPool(), new Tensor[inputs.Length], Tensor.Zeros([]).WithGrad());
        return () =>
        {
            using var scope = pool.Enter();
            for (var i = 0; i < inputs.Length; i++)
            {
                activations[i] = inputs[i].Detach();
                Tape.Record<ActivationBackward>(activations[i], anchor);
            }
            forward(activations).Backward(gradient);
        };
    }

    // Drops a gradient when it is whole, as that of an activation is dropped once its reader has run.
    private sealed class ActivationBackward : Node
    {
        protected override void Backward()
        {
        }
    }

    /// <summary>The same in libtorch.</summary>
    internal static void Backward(TorchTensor output, TorchTensor? gradient, params TorchTensor[] leaves)
    {
        if (gradient is null) output.backward();
        else output.backward([gradient]);
        foreach (var leaf in leaves) leaf.grad = null;
    }

    private static Duel OfOne(string name, long[] shape, Func<Tensor[], Tensor> ours, Func<Func<TorchTensor, TorchTensor>> peer, params Tensor[] parameters)
    {
        var (x, gradient) = (Data.Normal(shape), Data.Normal(shape));
        var bytes = Passes * 4.0 * x.ElementCount;
        return Duel.Bytes(name, bytes, Backward(ours, gradient, [x, .. parameters])).Against(() =>
        {
            var (a, g) = (Torch.Normal(true, shape), Torch.Normal(false, shape));
            var forward = peer();
            return () => Backward(forward(a), g, a);
        });
    }
}
