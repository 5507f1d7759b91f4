using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LogSoftmax(Tensor input, Tensor destination)
    {
        var (rows, size) = RowKernel.Rows(input);
        var kernel = new LogSoftmaxRows { Input = input.Address, Destination = destination.Address, Size = size };
        RowKernel.Run("LogSoftmax", input.DType, rows, 8 * size, kernel);
    }

    /// <inheritdoc/>
    public override void LogSoftmaxBackward(Tensor output, Tensor gradient, Tensor destination)
    {
        var (rows, size) = RowKernel.Rows(output);
        RowKernel.Run("LogSoftmaxBackward", output.DType, rows, 8 * size, new LogSoftmaxBackwardRows
        {
            Output = output.Address, Gradient = gradient.Address, Destination = destination.Address, Size = size,
        });
    }

    private struct LogSoftmaxRows : IRowKernel
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
                var max = RowMath.Max<V, T>(x, Size);
                // Two subtractions: max + log of the sum would round off the log where max is large.
                V m = V.Broadcast(max), log = V.Broadcast(T.Log(RowMath.SumExp<V, T>(x, max, Size)));
                for (nint i = 0; i < Size; i += V.Count)
                {
                    RowMath.Store(RowMath.Load<V, T>(x + i, Size - i, default) - m - log, y + i, Size - i);
                }
                TRow.Write(y, destination, Size);
            }
        }
    }

    private struct LogSoftmaxBackwardRows : IRowKernel
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
                var sum = V.Broadcast(RowMath.Sum<V, T>(g, Size));
                for (nint i = 0; i < Size; i += V.Count)
                {
                    V share = VectorMath.Exp<V, T>(RowMath.Load<V, T>(y + i, Size - i, default)) * sum;
                    RowMath.Store(RowMath.Load<V, T>(g + i, Size - i, default) - share, dx + i, Size - i);
                }
                TRow.Write(dx, destination, Size);
            }
        }
    }
}
