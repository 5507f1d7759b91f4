using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor source, int axis, Tensor index, Tensor destination)
    {
        var plan = new LoopPlan(destination, index, OffAxis(source, axis, index.Shape));
        var job = new GatherJob
        {
            Plan = &plan,
            AxisStep = (nint)source.Layout.Stride(axis) * source.DType.ByteSize,
            AxisSize = source.Size(axis),
            IsLong = index.DType == DType.Int64,
        };
        CpuThreadPool.For((nint)plan.Count, CpuThreadPool.GrainFor(4), job);
    }

    // The first places along an axis, repeated over the shape of an index: where its elements would be were all indices 0.
    private static Tensor OffAxis(Tensor tensor, int axis, Shape shape)
    {
        Span<long> strides = stackalloc long[shape.Rank];
        tensor.Layout.Strides.CopyTo(strides);
        strides[axis] = 0;
        return tensor.WithLayout(Layout.Strided(shape, strides, tensor.Layout.Offset));
    }

    private struct GatherJob : IParallelJob
    {
        public LoopPlan* Plan;
        public nint AxisStep;
        public long AxisSize;
        public bool IsLong;

        public readonly void Execute(nint begin, nint end)
        {
            switch (Plan->DType(0).ByteSize)
            {
                case 1: Rows<byte>(begin, end); break;
                case 2: Rows<ushort>(begin, end); break;
                case 4: Rows<uint>(begin, end); break;
                default: Rows<ulong>(begin, end); break;
            }
        }

        private readonly void Rows<T>(nint begin, nint end)
            where T : unmanaged
        {
            var cursor = new LoopCursor(Plan, begin);
            nint step = Plan->RowStep(0), indexStep = Plan->RowStep(1), sourceStep = Plan->RowStep(2);
            for (var place = begin; place < end;)
            {
                var count = Math.Min(cursor.Left, end - place);
                byte* destination = cursor.Address(0), index = cursor.Address(1), source = cursor.Address(2);
                for (nint i = 0; i < count; i++)
                {
                    var at = IsLong ? *(long*)index : *(int*)index;
                    if ((ulong)at >= (ulong)AxisSize) ThrowBeyond("Gather", at, AxisSize);
                    *(T*)destination = *(T*)(source + ((nint)at * AxisStep));
                    destination += step;
                    index += indexStep;
                    source += sourceStep;
                }
                cursor.Advance(count);
                place += count;
            }
        }
    }

    private static void ThrowBeyond(string kernel, long index, long size) =>
        throw new ArgumentOutOfRangeException(nameof(index), index, $"{kernel}: index {index} is not within an axis of size {size}");
}
