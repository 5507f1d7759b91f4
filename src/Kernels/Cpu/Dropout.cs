using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Dropout(Tensor input, in DropoutSettings settings, Tensor destination) =>
        RowKernel.Run("Dropout", input.DType, (nint)input.ElementCount, 4, new DropoutElements
        {
            Input = input.Address, Destination = destination.Address, Mask = new DropoutMask(settings),
        });

    /// <summary>Its rows are single elements.</summary>
    private struct DropoutElements : IRowKernel
    {
        private const int BlockLength = 1024;

        public nint Input, Destination;
        public DropoutMask Mask;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            var factors = stackalloc T[BlockLength];
            using var buffer = Scratch.Rent<T>(TRow.Converts ? BlockLength : 0);
            for (var start = begin; start < end; start += BlockLength)
            {
                var length = Math.Min(BlockLength, end - start);
                Mask.Write(start, length, factors);
                var destination = (S*)Destination + start;
                var x = TRow.Read((S*)Input + start, length, buffer.Pointer);
                var y = TRow.Target(destination, buffer.Pointer);
                RowMath.Multiply<V, T>(x, factors, y, length);
                TRow.Write(y, destination, length);
            }
        }
    }
}
