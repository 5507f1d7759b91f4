using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Sums over rows that a row kernel makes on the side (the gradients of a norm's weight and bias): each chunk of rows has sums of its own,
/// which are then added up in the chunks' order, so that the result is the same for any number of threads.
/// </summary>
internal readonly unsafe ref struct ColumnPartials
{
    private const nint MostChunks = 64;

    private readonly Scratch.Loan<double> _memory; // room for either precision
    private readonly Tensor _first, _second;
    private readonly nint _chunks, _size;

    /// <summary>Sums for two results of <paramref name="size"/> columns, either of which may be <c>default</c>.</summary>
    public ColumnPartials(nint rows, nint rowCost, nint size, Tensor first, Tensor second)
    {
        (_first, _second, _size) = (first, second, size);
        Grain = Math.Max(CpuThreadPool.GrainFor(rowCost), (rows + MostChunks - 1) / MostChunks);
        _chunks = (rows + Grain - 1) / Grain;
        _memory = Scratch.Rent<double>((first.IsAlive ? _chunks * size : 0) + (second.IsAlive ? _chunks * size : 0));
        Sums = new ColumnSums((nint)_memory.Pointer, Grain, size, _chunks, first.IsAlive, second.IsAlive);
    }

    /// <summary>Rows in a chunk.</summary>
    public nint Grain { get; }

    /// <summary>What the kernel works with.</summary>
    public ColumnSums Sums { get; }

    /// <summary>Adds the chunks' sums to the results.</summary>
    public void AddTo(string name)
    {
        if (_first.IsAlive) Add(name, _first, 0);
        if (_second.IsAlive) Add(name, _second, 1);
    }

    /// <summary>Returns the memory.</summary>
    public void Dispose() => _memory.Dispose();

    private void Add(string name, Tensor result, int which)
    {
        var columns = new AddColumns { Sums = Sums, Which = which, Chunks = _chunks, Destination = result.Address };
        RowKernel.Run(name, result.DType, _size, _chunks, columns);
    }

    private struct AddColumns : IRowKernel
    {
        public ColumnSums Sums;
        public int Which;
        public nint Chunks, Destination;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            var count = end - begin;
            using var buffer = Scratch.Rent<T>(TRow.Converts ? count : 0);
            var destination = (S*)Destination + begin;
            var total = TRow.Read(destination, count, buffer.Pointer);

            // The chunks first: the result may be much larger than what comes to it.
            var sum = Sums.Of<T>(0, Which) + begin;
            for (nint chunk = 1; chunk < Chunks; chunk++) RowMath.Add<V, T>(sum, Sums.Of<T>(chunk, Which) + begin, sum, count);
            if (Chunks > 0) RowMath.Add<V, T>(total, sum, total, count);
            TRow.Write(total, destination, count);
        }
    }
}

/// <summary>The sums of all chunks, as a kernel sees them.</summary>
internal readonly unsafe struct ColumnSums(nint memory, nint grain, nint size, nint chunks, bool first, bool second)
{
    /// <summary>The sums of the chunk that begins at a row, set to 0; null for a result that is not wanted.</summary>
    public T* Begin<T>(nint row, int which)
        where T : unmanaged
    {
        if (!(which == 0 ? first : second)) return null;
        var sums = Of<T>(row / grain, which);
        new Span<T>(sums, (int)size).Clear();
        return sums;
    }

    /// <summary>The sums of a chunk.</summary>
    public T* Of<T>(nint chunk, int which)
        where T : unmanaged => (T*)memory + (((which == 1 && first ? chunks : 0) + chunk) * size);
}
