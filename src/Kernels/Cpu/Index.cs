using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Columns that one chunk of IndexAdd takes: no two threads share one, so nothing races and indices keep their order.
    private const nint IndexAddColumns = 64;

    /// <inheritdoc/>
    public override void Index(Tensor source, ReadOnlySpan<Tensor> indices, Tensor destination)
    {
        var count = (nint)indices[0].ElementCount;
        if (destination.ElementCount == 0) return;
        using var places = Scratch.Rent<long>(2 * count);
        PlacesOf("Index", source, indices, places.Pointer);
        PlacesAhead(destination, indices[0].Rank, places.Pointer + count);
        var plan = new LoopPlan(Behind(destination, indices[0].Rank), Behind(source, indices.Length));
        var job = new IndexJob { Plan = &plan, Sources = places.Pointer, Destinations = places.Pointer + count };
        CpuThreadPool.For(count, CpuThreadPool.GrainFor((nint)plan.Count), job);
    }

    /// <inheritdoc/>
    public override void IndexAdd(Tensor destination, ReadOnlySpan<Tensor> indices, Tensor source)
    {
        var count = (nint)indices[0].ElementCount;
        if (source.ElementCount == 0) return;
        using var places = Scratch.Rent<long>(2 * count);
        PlacesOf("IndexAdd", destination, indices, places.Pointer);
        PlacesAhead(source, indices[0].Rank, places.Pointer + count);
        var plan = new LoopPlan(Behind(destination, indices.Length), Behind(source, indices[0].Rank));
        Addition.Run("IndexAdd", destination.DType, new IndexAddKernel
        {
            Plan = &plan, Count = count, Destinations = places.Pointer, Sources = places.Pointer + count,
        });
    }

    // How far the indexed places are from the tensor's first, in bytes.
    private static void PlacesOf(string kernel, Tensor tensor, ReadOnlySpan<Tensor> indices, long* places)
    {
        new Span<long>(places, checked((int)indices[0].ElementCount)).Clear();
        for (var axis = 0; axis < indices.Length; axis++)
        {
            var index = indices[axis];
            var (size, step, isLong) = (tensor.Size(axis), tensor.Layout.Stride(axis) * tensor.DType.ByteSize, index.DType == DType.Int64);
            var (count, address) = (index.ElementCount, index.Address);
            var shape = index.Shape;
            var walk = new LayoutWalk(shape.Sizes, index.Layout.Strides);
            for (long p = 0; p < count; p++, walk.Advance())
            {
                var at = isLong ? ((long*)address)[walk.Place] : ((int*)address)[walk.Place];
                if (at < -size || at >= size) ThrowBeyond(kernel, at, size);
                places[p] += (at < 0 ? at + size : at) * step;
            }
        }
    }

    // The same for the first axes of the other tensor, one place after the other.
    private static void PlacesAhead(Tensor tensor, int rank, long* places)
    {
        var (shape, size, count) = (tensor.Shape, tensor.DType.ByteSize, 1L);
        for (var i = 0; i < rank; i++) count *= shape[i];
        var walk = new LayoutWalk(shape.Sizes[..rank], tensor.Layout.Strides[..rank]);
        for (long p = 0; p < count; p++, walk.Advance()) places[p] = walk.Place * size;
    }

    // What belongs to one place: the axes behind the first ones.
    private static Tensor Behind(Tensor tensor, int rank)
    {
        var shape = tensor.Shape;
        return tensor.WithLayout(Layout.Strided(new Shape(shape.Sizes[rank..]), tensor.Layout.Strides[rank..], tensor.Layout.Offset));
    }

    private struct IndexJob : IParallelJob
    {
        public LoopPlan* Plan;
        public long* Sources, Destinations;

        public readonly void Execute(nint begin, nint end)
        {
            nint step = Plan->RowStep(0), sourceStep = Plan->RowStep(1), length = Plan->RowLength;
            byte* destination = (byte*)Plan->Address(0), source = (byte*)Plan->Address(1);
            var size = Plan->DType(0).ByteSize;
            for (var p = begin; p < end; p++)
            {
                if (Plan->Rank == 1)
                {
                    Strides.Copy(source + Sources[p], sourceStep, destination + Destinations[p], step, length, size);
                    continue;
                }
                var cursor = new LoopCursor(Plan, 0);
                for (nint left = (nint)Plan->Count; left > 0; left -= length)
                {
                    Strides.Copy(cursor.Address(1) + Sources[p], sourceStep, cursor.Address(0) + Destinations[p], step, length, size);
                    cursor.Advance(length);
                }
            }
        }
    }

    private struct IndexAddKernel : IAddingKernel
    {
        public LoopPlan* Plan;
        public nint Count;
        public long* Sources, Destinations;

        public readonly void Run<T, TAddition>()
            where T : unmanaged
            where TAddition : struct, IAddition<T>
        {
            var columns = Math.Max(IndexAddColumns, CpuThreadPool.GrainFor(Count));
            CpuThreadPool.For((nint)Plan->Count, columns, new IndexAddJob<T, TAddition> { Kernel = this });
        }
    }

    private struct IndexAddJob<T, TAddition> : IParallelJob
        where T : unmanaged
        where TAddition : struct, IAddition<T>
    {
        public IndexAddKernel Kernel;

        public readonly void Execute(nint begin, nint end)
        {
            var plan = Kernel.Plan;
            var first = new LoopCursor(plan, begin);
            nint step = plan->RowStep(0), sourceStep = plan->RowStep(1);
            byte* target = first.Address(0), source = first.Address(1);
            for (nint p = 0; p < Kernel.Count; p++)
            {
                if (plan->Rank == 1)
                {
                    AddRow(target + Kernel.Destinations[p], step, source + Kernel.Sources[p], sourceStep, end - begin);
                    continue;
                }
                var cursor = first;
                for (var place = begin; place < end;)
                {
                    var count = Math.Min(cursor.Left, end - place);
                    AddRow(cursor.Address(0) + Kernel.Destinations[p], step, cursor.Address(1) + Kernel.Sources[p], sourceStep, count);
                    cursor.Advance(count);
                    place += count;
                }
            }
        }

        private static void AddRow(byte* destination, nint step, byte* source, nint sourceStep, nint count)
        {
            if (step == sizeof(T) && sourceStep == sizeof(T) && count >= 8 && count <= int.MaxValue)
            {
                TAddition.AddRow((T*)destination, (T*)source, (int)count);
                return;
            }
            for (nint i = 0; i < count; i++)
            {
                *(T*)destination = TAddition.Sum(*(T*)destination, *(T*)source);
                destination += step;
                source += sourceStep;
            }
        }
    }
}
