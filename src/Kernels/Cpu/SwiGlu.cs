using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void SwiGlu(Tensor gate, Tensor up, Tensor destination) => Zip(default(SwiGluOperator), gate, up, destination, cost: 4);

    /// <inheritdoc/>
    public override void SwiGluBackward(Tensor gate, Tensor up, Tensor gradient, Tensor gateGradient, Tensor upGradient) =>
        RowKernel.Run("SwiGluBackward", gate.DType, (nint)gate.ElementCount, 6, new SwiGluBackwardElements
        {
            Gate = gate.Address, Up = up.Address, Gradient = gradient.Address, GateGradient = gateGradient.Address,
            UpGradient = upGradient.Address,
        });

    // x: gate, y: up
    private readonly struct SwiGluOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => x * VectorMath.Sigmoid<V, T>(x) * y;
    }

    /// <summary>Its rows are single elements: a chunk is a run of them.</summary>
    private struct SwiGluBackwardElements : IRowKernel
    {
        public nint Gate, Up, Gradient, GateGradient, UpGradient;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            var count = end - begin;
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 5 * count : 0);
            T* x = TRow.Read((S*)Gate + begin, count, buffer.Pointer), y = TRow.Read((S*)Up + begin, count, buffer.Pointer + count);
            var g = TRow.Read((S*)Gradient + begin, count, buffer.Pointer + (2 * count));
            var dx = TRow.Target((S*)GateGradient + begin, buffer.Pointer + (3 * count));
            var dy = TRow.Target((S*)UpGradient + begin, buffer.Pointer + (4 * count));
            var one = V.Constant(1);
            for (nint i = 0; i < count; i += V.Count)
            {
                var left = count - i;
                V gate = RowMath.Load<V, T>(x + i, left, default), gradient = RowMath.Load<V, T>(g + i, left, default);
                var s = VectorMath.Sigmoid<V, T>(gate);
                RowMath.Store(gradient * RowMath.Load<V, T>(y + i, left, default) * s * V.MultiplyAdd(gate, one - s, one), dx + i, left);
                RowMath.Store(gradient * (gate * s), dy + i, left);
            }
            TRow.Write(dx, (S*)GateGradient + begin, count);
            TRow.Write(dy, (S*)UpGradient + begin, count);
        }
    }
}
