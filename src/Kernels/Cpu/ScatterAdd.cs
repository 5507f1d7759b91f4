using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void ScatterAdd(Tensor destination, int axis, Tensor index, Tensor source)
    {
        if (index.ElementCount == 0) return;

        // Threads share the places off the axis; along the axis each goes through the indices in their order.
        var across = index.Shape.With(axis, 1);
        var plan = new LoopPlan(OffAxis(destination, axis, across), OffAxis(index, axis, across), OffAxis(source, axis, across));
        Addition.Run("ScatterAdd", destination.DType, new ScatterAddKernel
        {
            Plan = &plan,
            Count = (nint)index.Size(axis),
            AxisSize = destination.Size(axis),
            AxisStep = (nint)destination.Layout.Stride(axis) * destination.DType.ByteSize,
            IndexStep = (nint)index.Layout.Stride(axis) * index.DType.ByteSize,
            SourceStep = (nint)source.Layout.Stride(axis) * source.DType.ByteSize,
            IsLong = index.DType == DType.Int64,
        });
    }

    private struct ScatterAddKernel : IAddingKernel
    {
        public LoopPlan* Plan;
        public nint Count, AxisStep, IndexStep, SourceStep;
        public long AxisSize;
        public bool IsLong;

        public readonly void Run<T, TAddition>()
            where T : unmanaged
            where TAddition : struct, IAddition<T> =>
            CpuThreadPool.For((nint)Plan->Count, CpuThreadPool.GrainFor(4 * Count), new ScatterAddJob<T, TAddition> { Kernel = this });
    }

    private struct ScatterAddJob<T, TAddition> : IParallelJob
        where T : unmanaged
        where TAddition : struct, IAddition<T>
    {
        public ScatterAddKernel Kernel;

        public readonly void Execute(nint begin, nint end)
        {
            var (kernel, cursor) = (Kernel, new LoopCursor(Kernel.Plan, begin));
            var plan = kernel.Plan;
            nint step = plan->RowStep(0), indexStep = plan->RowStep(1), sourceStep = plan->RowStep(2);
            for (var place = begin; place < end;)
            {
                var count = Math.Min(cursor.Left, end - place);
                for (nint j = 0; j < kernel.Count; j++)
                {
                    byte* destination = cursor.Address(0), index = cursor.Address(1) + (j * kernel.IndexStep);
                    var source = cursor.Address(2) + (j * kernel.SourceStep);
                    for (nint i = 0; i < count; i++)
                    {
                        var at = kernel.IsLong ? *(long*)index : *(int*)index;
                        if ((ulong)at >= (ulong)kernel.AxisSize) ThrowBeyond("ScatterAdd", at, kernel.AxisSize);
                        var target = (T*)(destination + ((nint)at * kernel.AxisStep));
                        *target = TAddition.Sum(*target, *(T*)source);
                        destination += step;
                        index += indexStep;
                        source += sourceStep;
                    }
                }
                cursor.Advance(count);
                place += count;
            }
        }
    }
}
