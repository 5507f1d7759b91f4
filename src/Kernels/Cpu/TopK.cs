using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void TopK(Tensor source, bool largest, Tensor values, Tensor indices)
    {
        var kernel = new SortKernel { Source = new Lines(source), Values = new Lines(values), Indices = new Lines(indices), Descending = largest };

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
            var count = checked((int)Kernel.Values.Length);
            using var keys = Scratch.Rent<ulong>(count);
            using var places = Scratch.Rent<long>(count);
            for (var line = begin; line < end; line++)
            {
                var source = Kernel.Source[line];
                for (nint i = 0; i < count; i++)
                {
                    keys.Pointer[i] = TKey.Of(*(T*)(source + (i * step))) ^ flip;
                    places.Pointer[i] = i;
                }
                for (var i = (count / 2) - 1; i >= 0; i--) Sink(keys.Pointer, places.Pointer, i, count);

                // Later elements displace the worst only where they are better: of equal ones the one in front stays.
                for (nint i = count; i < length; i++)
                {
                    var key = TKey.Of(*(T*)(source + (i * step))) ^ flip;
                    if (key >= keys.Pointer[0]) continue;
                    (keys.Pointer[0], places.Pointer[0]) = (key, i);
                    Sink(keys.Pointer, places.Pointer, 0, count);
                }
                SortKey.Order(new Span<ulong>(keys.Pointer, count), new Span<long>(places.Pointer, count));
                WriteOrdered<T>(Kernel, line, source, places.Pointer);
            }
        }

        // Restores the heap's order below a place: no child comes after its parent.
        private static void Sink(ulong* keys, long* places, int at, int count)
        {
            while (true)
            {
                var child = (2 * at) + 1;
                if (child >= count) return;
                if (child + 1 < count && IsAfter(keys, places, child + 1, child)) child++;
                if (!IsAfter(keys, places, child, at)) return;
                (keys[at], keys[child]) = (keys[child], keys[at]);
                (places[at], places[child]) = (places[child], places[at]);
                at = child;
            }
        }

        private static bool IsAfter(ulong* keys, long* places, int a, int b) => keys[a] > keys[b] || (keys[a] == keys[b] && places[a] > places[b]);
    }
}
