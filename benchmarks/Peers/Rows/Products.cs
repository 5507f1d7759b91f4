using NativeTrainer.Kernels;
using NativeTrainer.Tensors;
using TorchSharp;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>Matrix products in float32.</summary>
internal static class Products
{
    public static Duel Square1() => Product("gemm-1024-1t", 1024, 1024, 1024, threads: 1);

    public static Duel Square() => Product("gemm-1024", 1024, 1024, 1024);

    /// <summary>2,048 tokens to queries, keys and values.</summary>
    public static Duel Projection() => Product("gemm-qkv", 2048, 384, 1152);

    /// <summary>The gradient of that projection's weight: tokens are summed over.</summary>
    public static Duel WeightGradient() => Product("gemm-dw", 384, 2048, 1152, leftIsTransposed: true);

    /// <summary>2,048 tokens through an MLP's first matrix.</summary>
    public static Duel Mlp() => Product("gemm-mlp", 2048, 384, 1536);

    /// <summary>A matrix by a vector: each weight is read once.</summary>
    public static Duel MatrixVector()
    {
        const int n = 4096;
        var (x, w, y) = (Data.Normal(1, n), Data.Normal(n, n), Tensor.Empty([1, n]));
        return Duel.Bytes("gemv-4096", 4.0 * n * n, () => Backend.For(y).MatMul(x, w, y)).Against(() =>
        {
            var (a, b) = (Torch.Normal(false, n), Torch.Normal(false, n, n));
            return () => torch.mv(b, a);
        });
    }

    private static Duel Product(string name, int m, int k, int n, int? threads = null, bool leftIsTransposed = false)
    {
        var left = leftIsTransposed ? Data.Normal(k, m) : Data.Normal(m, k);
        var a = leftIsTransposed ? left.WithLayout(left.Layout.Transpose(0, 1)) : left;
        var (b, c) = (Data.Normal(k, n), Tensor.Empty([m, n]));
        return Duel.Rate(name, 2.0 * m * k * n, () => Backend.For(c).MatMul(a, b, c), threads).Against(() =>
        {
            var (x, y) = (leftIsTransposed ? Torch.Normal(false, k, m).t() : Torch.Normal(false, m, k), Torch.Normal(false, k, n));
            return () => torch.mm(x, y);
        });
    }
}
