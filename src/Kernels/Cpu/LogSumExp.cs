using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LogSumExp(Tensor input, Tensor destination)
    {
        var (rows, size) = ((nint)input.Size(0), (nint)input.Size(1));
        var kernel = new LogSumExpRows { Input = input.Address, Destination = destination.Address, Size = size };
        RowKernel.Run("LogSumExp", input.DType, rows, 8 * size, kernel);
    }

    /// <inheritdoc/>
    public override void LogSumExpBackward(Tensor input, Tensor output, Tensor gradient, Tensor destination)
    {
        var (rows, size) = RowKernel.Rows(input);
        RowKernel.Run("LogSumExpBackward", input.DType, rows, 8 * size, new LogSumExpBackwardRows
        {
            Input = input.Address, Output = output.Address, Gradient = gradient.Address, Destination = destination.Address, Size = size,
        });
    }

    private struct LogSumExpRows : IRowKernel
    {
        public nint Input, Destination, Size;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? Size + 1 : 0);
            for (var row = begin; row < end; row++)
            {
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer);
                var result = TRow.Target((S*)Destination + row, buffer.Pointer + Size);
                var max = RowMath.Max<V, T>(x, Size);
                *result = T.IsInfinity(max) ? max : max + T.Log(RowMath.SumExp<V, T>(x, max, Size));
                TRow.Write(result, (S*)Destination + row, 1);
            }
        }
    }

    private struct LogSumExpBackwardRows : IRowKernel
    {
        public nint Input, Output, Gradient, Destination, Size;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? Size + 2 : 0);
            for (var row = begin; row < end; row++)
            {
                var destination = (S*)Destination + (row * Size);
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer);
                var y = *TRow.Read((S*)Output + row, 1, buffer.Pointer + Size);
                var g = *TRow.Read((S*)Gradient + row, 1, buffer.Pointer + Size + 1);
                var dx = TRow.Target(destination, buffer.Pointer);
                RowMath.Exp<V, T>(x, y, dx, Size);
                RowMath.Scale<V, T>(dx, g, dx, Size);
                TRow.Write(dx, destination, Size);
            }
        }
    }
}
