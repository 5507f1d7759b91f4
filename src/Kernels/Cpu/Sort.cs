using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sort(Tensor source, bool descending, Tensor values, Tensor indices) => SortKey.Run("Sort", source.DType, new SortKernel
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
            var length = checked((int)Kernel.Source.Length);
            using var keys = Scratch.Rent<ulong>(length);
            using var places = Scratch.Rent<long>(length);
            for (var line = begin; line < end; line++)
            {
                byte* source = Kernel.Source[line];
                for (nint i = 0; i < length; i++)
                {
                    var key = TKey.Of(*(T*)(source + (i * Kernel.Source.Step)));
                    keys.Pointer[i] = Kernel.Descending ? ~key : key;
                    places.Pointer[i] = i;
                }
                SortKey.Order(new Span<ulong>(keys.Pointer, length), new Span<long>(places.Pointer, length));
                WriteOrdered<T>(Kernel, line, source, places.Pointer);
            }
        }
    }

    private static void WriteOrdered<T>(in SortKernel kernel, nint line, byte* source, long* places)
        where T : unmanaged
    {
        byte* values = kernel.Values[line], indices = kernel.Indices[line];
        for (nint i = 0; i < kernel.Values.Length; i++)
        {
            *(T*)(values + (i * kernel.Values.Step)) = *(T*)(source + ((nint)places[i] * kernel.Source.Step));
            *(long*)(indices + (i * kernel.Indices.Step)) = places[i];
        }
    }
}
