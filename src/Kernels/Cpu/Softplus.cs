using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Softplus(Tensor source, double beta, double threshold, Tensor destination) =>
        Map(new SoftplusOperator(beta, threshold), source, destination, cost: 8);

    /// <inheritdoc/>
    public override void SoftplusBackward(Tensor source, Tensor gradient, double beta, double threshold, Tensor destination) =>
        Zip(new SoftplusBackwardOperator(beta, threshold), source, gradient, destination, cost: 4);

    private readonly struct SoftplusOperator(double beta, double threshold) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x)
        {
            var scaled = x * V.Constant(beta);
            // ln(1 + e) without losing a small e: the rounding of 1 + e is put right by the quotient.
            var e = VectorMath.Exp<V, T>(-V.Abs(scaled));
            var one = V.Constant(1);
            var sum = one + e;
            var tail = V.Select(V.Equal(sum, one), e, VectorMath.Log<V, T>(sum) * (e / (sum - one)));
            return V.Select(V.GreaterThan(scaled, V.Constant(threshold)), x, (V.Max(scaled, V.Constant(0)) + tail) / V.Constant(beta));
        }
    }

    // x: source, y: incoming gradient
    private readonly struct SoftplusBackwardOperator(double beta, double threshold) : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var scaled = x * V.Constant(beta);
            return V.Select(V.GreaterThan(scaled, V.Constant(threshold)), y, y * VectorMath.Sigmoid<V, T>(scaled));
        }
    }
}
