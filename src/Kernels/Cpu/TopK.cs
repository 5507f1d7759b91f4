using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void TopK(Tensor source, bool largest, Tensor values, Tensor indices)
    {
        var kernel = new SortKernel
        {
            Source = new Lines(source), Values = new Lines(values), Indices = new Lines(indices), Descending = largest,
        };

        // A heap of the best so far is quick where they are few; beyond that the whole line is put in order.
        if (kernel.Values.Length > kernel.Source.Length / 8) SortKey.Run("TopK", source.DType, kernel);
        else SortKey.Run("TopK", source.DType, new TopKKernel { Lines = kernel });
    }

    private struct TopKKernel : IOrderingKernel
    {
        public SortKernel Lines;

        public readonly void Run<T, TKey>()
            where T : unmanaged
            where TKey : struct, ISortKey<T> =>
            CpuThreadPool.For(Lines.Values.Count, CpuThreadPool.GrainFor(2 * Lines.Source.Length), new TopKJob<T, TKey> { Kernel = Lines });
    }

    private struct TopKJob<T, TKey> : IParallelJob
        where T : unmanaged
        where TKey : struct, ISortKey<T>
    {
        public SortKernel Kernel;

        public readonly void Execute(nint begin, nint end)
        {
            var (length, step, flip) = (Kernel.Source.Length, Kernel.Source.Step, Kernel.Descending ? ulong.MaxValue : 0);
            var count = Kernel.Values.Length;
            using var scratch = Scratch.Rent<KeyedPlace>(count);
            var items = scratch.Pointer;
            for (var line = begin; line < end; line++)
            {
                var source = Kernel.Source[line];
                for (nint i = 0; i < count; i++) items[i] = new KeyedPlace { Key = TKey.Of(*(T*)(source + (i * step))) ^ flip, Place = i };
                for (var i = (count / 2) - 1; i >= 0; i--) Sink(items, i, count);

                // Later elements displace the worst only where they are better: of equal ones the one in front stays.
                for (var i = count; i < length; i++)
                {
                    var key = TKey.Of(*(T*)(source + (i * step))) ^ flip;
                    if (key >= items[0].Key) continue;
                    items[0] = new KeyedPlace { Key = key, Place = i };
                    Sink(items, 0, count);
                }
                Order(items, count);
                WriteOrdered<T>(Kernel, line, source, items);
            }
        }

        // Restores the heap's order below a place: no child comes after its parent.
        private static void Sink(KeyedPlace* items, nint at, nint count)
        {
            while (true)
            {
                var child = (2 * at) + 1;
                if (child >= count) return;
                if (child + 1 < count && KeyedPlace.IsAfter(items[child + 1], items[child])) child++;
                if (!KeyedPlace.IsAfter(items[child], items[at])) return;
                (items[at], items[child]) = (items[child], items[at]);
                at = child;
            }
        }

        // The heap empties from its worst, which goes to the end.
        private static void Order(KeyedPlace* items, nint count)
        {
            for (var last = count - 1; last > 0; last--)
            {
                (items[0], items[last]) = (items[last], items[0]);
                Sink(items, 0, last);
            }
        }
    }
}
