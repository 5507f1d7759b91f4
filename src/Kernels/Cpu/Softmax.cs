using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Softmax(Tensor input, Tensor destination)
    {
        var (rows, size) = RowKernel.Rows(input);
        var kernel = new SoftmaxRows { Input = input.Address, Destination = destination.Address, Size = size };
        RowKernel.Run("Softmax", input.DType, rows, 8 * size, kernel);
    }

    /// <inheritdoc/>
    public override void SoftmaxBackward(Tensor output, Tensor gradient, Tensor destination)
    {
        var (rows, size) = RowKernel.Rows(output);
        RowKernel.Run("SoftmaxBackward", output.DType, rows, 4 * size, new SoftmaxBackwardRows
        {
            Output = output.Address, Gradient = gradient.Address, Destination = destination.Address, Size = size,
        });
    }

    private struct SoftmaxRows : IRowKernel
    {
        public nint Input, Destination, Size;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? Size : 0);
            for (var row = begin; row < end; row++)
            {
                var destination = (S*)Destination + (row * Size);
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer);
                var y = TRow.Target(destination, buffer.Pointer);
                var sum = RowMath.Exp<V, T>(x, RowMath.Max<V, T>(x, Size), y, Size);
                RowMath.Scale<V, T>(y, T.One / sum, y, Size);
                TRow.Write(y, destination, Size);
            }
        }
    }

    private struct SoftmaxBackwardRows : IRowKernel
    {
        public nint Output, Gradient, Destination, Size;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 2 * Size : 0);
            for (var row = begin; row < end; row++)
            {
                var destination = (S*)Destination + (row * Size);
                var y = TRow.Read((S*)Output + (row * Size), Size, buffer.Pointer);
                var g = TRow.Read((S*)Gradient + (row * Size), Size, buffer.Pointer + Size);
                var dx = TRow.Target(destination, buffer.Pointer);
                var shift = V.Broadcast(RowMath.Dot<V, T>(y, g, Size));
                for (nint i = 0; i < Size; i += V.Count)
                {
                    V value = RowMath.Load<V, T>(y + i, Size - i, default) * (RowMath.Load<V, T>(g + i, Size - i, default) - shift);
                    RowMath.Store(value, dx + i, Size - i);
                }
                TRow.Write(dx, destination, Size);
            }
        }
    }
}
