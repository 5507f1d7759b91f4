using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

// Plain loops until the blocked product lands.
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor left, Tensor right, Tensor destination, double alpha = 1, double beta = 0, Tensor bias = default)
    {
        switch (destination.DType)
        {
            case DType.Float32: Product<float>(left, right, destination, (float)alpha, (float)beta, bias); break;
            case DType.Float64: Product<double>(left, right, destination, alpha, beta, bias); break;
            default: throw RowKernel.Unsupported("MatMul", destination.DType, "float32, float64");
        }
    }

    private static void Product<T>(Tensor left, Tensor right, Tensor destination, T alpha, T beta, Tensor bias)
        where T : unmanaged, INumber<T>
    {
        long m = destination.Size(-2), n = destination.Size(-1), k = left.Size(-1);
        var batch = m * n == 0 ? 0 : destination.ElementCount / (m * n);
        for (long item = 0; item < batch; item++)
        {
            T* a = Item<T>(left, item), b = Item<T>(right, item), c = Item<T>(destination, item);
            for (long i = 0; i < m; i++)
            {
                for (long j = 0; j < n; j++)
                {
                    var sum = T.Zero;
                    for (long x = 0; x < k; x++)
                    {
                        sum += a[(i * left.Layout.Stride(-2)) + (x * left.Layout.Stride(-1))] * b[(x * right.Layout.Stride(-2)) + (j * right.Layout.Stride(-1))];
                    }
                    ref var place = ref c[(i * destination.Layout.Stride(-2)) + (j * destination.Layout.Stride(-1))];
                    var result = alpha * sum;
                    if (beta != T.Zero) result += beta * place;
                    if (bias.IsAlive) result += ((T*)bias.Address)[j];
                    place = result;
                }
            }
        }
    }

    private static T* Item<T>(Tensor tensor, long item)
        where T : unmanaged
    {
        var place = 0L;
        for (var axis = tensor.Rank - 3; axis >= 0; axis--)
        {
            place += item % tensor.Size(axis) * tensor.Layout.Stride(axis);
            item /= tensor.Size(axis);
        }
        return (T*)tensor.Address + place;
    }
}
