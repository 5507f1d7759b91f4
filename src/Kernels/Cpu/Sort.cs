using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sort(Tensor source, bool descending, Tensor values, Tensor indices) =>
        SortKey.Run("Sort", source.DType, new SortKernel
        {
            Source = new Lines(source), Values = new Lines(values), Indices = new Lines(indices), Descending = descending,
        });

    // The first places of each line in order, as many as values and indices have room for.
    private struct SortKernel : IOrderingKernel
    {
        public Lines Source, Values, Indices;
        public bool Descending;

        public readonly void Run<T, TKey>()
            where T : unmanaged
            where TKey : struct, ISortKey<T> =>
            CpuThreadPool.For(Values.Count, CpuThreadPool.GrainFor(32 * Source.Length), new SortJob<T, TKey> { Kernel = this });
    }

    private struct SortJob<T, TKey> : IParallelJob
        where T : unmanaged
        where TKey : struct, ISortKey<T>
    {
        public SortKernel Kernel;

        public readonly void Execute(nint begin, nint end)
        {
            var (length, flip) = (Kernel.Source.Length, Kernel.Descending ? ulong.MaxValue : 0);
            using var scratch = Scratch.Rent<KeyedPlace>(2 * length);
            var items = scratch.Pointer;
            for (var line = begin; line < end; line++)
            {
                var source = Kernel.Source[line];
                for (nint i = 0; i < length; i++)
                {
                    items[i].Key = TKey.Of(*(T*)(source + (i * Kernel.Source.Step))) ^ flip;
                    items[i].Place = i;
                }
                KeySort.Run(items, items + length, length);
                WriteOrdered<T>(Kernel, line, source, items);
            }
        }
    }

    private static void WriteOrdered<T>(in SortKernel kernel, nint line, byte* source, KeyedPlace* items)
        where T : unmanaged
    {
        byte* values = kernel.Values[line], indices = kernel.Indices[line];
        for (nint i = 0; i < kernel.Values.Length; i++)
        {
            *(T*)(values + (i * kernel.Values.Step)) = *(T*)(source + ((nint)items[i].Place * kernel.Source.Step));
            *(long*)(indices + (i * kernel.Indices.Step)) = items[i].Place;
        }
    }
}
