using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Rotary(Tensor input, Tensor cos, Tensor sin, Tensor positions, bool transpose, Tensor destination)
    {
        var (heads, size) = ((nint)input.Size(1), (nint)input.Size(3));
        RowKernel.Run("Rotary", input.DType, (nint)(input.Size(0) * input.Size(2)), 3 * heads * size, new RotaryPositions
        {
            Input = new HeadRows(input), Destination = new HeadRows(destination), Cos = cos.Address, Sin = sin.Address,
            Transpose = transpose,
            Positions = positions.Address, IsLong = positions.DType == DType.Int64, TableLength = cos.Size(0),
            PositionBatch = (nint)positions.Layout.Stride(0), PositionStep = (nint)positions.Layout.Stride(1),
            Heads = heads, Length = (nint)input.Size(2), Size = size,
        });
    }

    private readonly struct HeadRows(Tensor tensor)
    {
        private readonly nint _address = tensor.Address;
        private readonly nint _batch = (nint)tensor.Layout.Stride(0);
        private readonly nint _head = (nint)tensor.Layout.Stride(1);
        private readonly nint _row = (nint)tensor.Layout.Stride(2);

        public S* At<S>(nint batch, nint head, nint row)
            where S : unmanaged => (S*)_address + (batch * _batch) + (head * _head) + (row * _row);
    }

    /// <summary>Its rows are positions of a batch; all heads of one read the same part of the tables.</summary>
    private struct RotaryPositions : IRowKernel
    {
        public HeadRows Input, Destination;
        public nint Cos, Sin, Positions, PositionBatch, PositionStep, Heads, Length, Size;
        public bool IsLong, Transpose;
        public long TableLength;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 4 * Size : 0);
            var half = Size / 2;
            for (var row = begin; row < end; row++)
            {
                var (batch, place) = Math.DivRem(row, Length);
                var at = (batch * PositionBatch) + (place * PositionStep);
                var position = IsLong ? ((long*)Positions)[at] : ((int*)Positions)[at];
                if ((ulong)position >= (ulong)TableLength)
                {
                    throw new ArgumentOutOfRangeException(
                        "positionIds", $"Rotary: position {position} at [{batch}, {place}] is not in tables of {TableLength} rows");
                }
                var cos = TRow.Read((S*)Cos + ((nint)position * Size), Size, buffer.Pointer);
                var sin = TRow.Read((S*)Sin + ((nint)position * Size), Size, buffer.Pointer + Size);
                for (nint head = 0; head < Heads; head++)
                {
                    var destination = Destination.At<S>(batch, head, place);
                    var x = TRow.Read(Input.At<S>(batch, head, place), Size, buffer.Pointer + (2 * Size));
                    var y = TRow.Target(destination, buffer.Pointer + (3 * Size));
                    for (nint i = 0; i < half; i += V.Count)
                    {
                        var left = half - i;
                        V a = RowMath.Load<V, T>(x + i, left, default), b = RowMath.Load<V, T>(x + half + i, left, default);
                        V cosA = RowMath.Load<V, T>(cos + i, left, default), cosB = RowMath.Load<V, T>(cos + half + i, left, default);
                        V sinA = RowMath.Load<V, T>(sin + i, left, default), sinB = RowMath.Load<V, T>(sin + half + i, left, default);
                        if (Transpose) (sinA, sinB) = (-sinB, -sinA);
                        RowMath.Store((a * cosA) - (b * sinA), y + i, left);
                        RowMath.Store((b * cosB) + (a * sinB), y + half + i, left);
                    }
                    TRow.Write(y, destination, Size);
                }
            }
        }
    }
}
