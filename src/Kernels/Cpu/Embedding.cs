using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Columns of the table that one chunk of the backward pass adds to: no two threads share one, so nothing races, ids keep their order.
    private const nint EmbeddingColumns = 64;

    /// <inheritdoc/>
    public override void Embedding(Tensor weight, Tensor ids, Tensor destination)
    {
        var size = (nint)weight.Size(1) * weight.DType.ByteSize;
        CpuThreadPool.For((nint)ids.ElementCount, CpuThreadPool.GrainFor(size / 4), new EmbeddingJob
        {
            Weight = (byte*)weight.Address, Ids = new Ids(ids), Destination = (byte*)destination.Address, RowCount = weight.Size(0),
            RowBytes = size,
        });
    }

    /// <inheritdoc/>
    public override void EmbeddingBackward(Tensor gradient, Tensor ids, long padding, Tensor destination)
    {
        var size = (nint)destination.Size(1);
        if (ids.ElementCount == 0) return;
        RowKernel.RunChunks("EmbeddingBackward", gradient.DType, size, EmbeddingColumns, new EmbeddingBackwardColumns
        {
            Gradient = gradient.Address, Destination = destination.Address, Ids = new Ids(ids), Padding = padding, Size = size,
        });
    }

    /// <summary>Indices of either whole-number dtype.</summary>
    private readonly struct Ids(Tensor tensor)
    {
        private readonly nint _address = tensor.Address;
        private readonly bool _long = tensor.DType == DType.Int64;

        public nint Count { get; } = (nint)tensor.ElementCount;

        public long this[nint index]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => _long ? ((long*)_address)[index] : ((int*)_address)[index];
        }
    }

    private struct EmbeddingJob : IParallelJob
    {
        public byte* Weight, Destination;
        public Ids Ids;
        public long RowCount;
        public nint RowBytes;

        public readonly void Execute(nint begin, nint end)
        {
            for (var i = begin; i < end; i++)
            {
                var id = Ids[i];
                if ((ulong)id >= (ulong)RowCount)
                {
                    throw new ArgumentOutOfRangeException("ids", $"Embedding: id {id} at {i} names no row of a table with {RowCount}");
                }
                Buffer.MemoryCopy(Weight + ((nint)id * RowBytes), Destination + (i * RowBytes), RowBytes, RowBytes);
            }
        }
    }

    private struct EmbeddingBackwardColumns : IRowKernel
    {
        public nint Gradient, Destination, Size;
        public Ids Ids;
        public long Padding;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            var count = end - begin;
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 2 * count : 0);
            for (nint i = 0; i < Ids.Count; i++)
            {
                var id = Ids[i];
                if (id == Padding) continue;
                var destination = (S*)Destination + ((nint)id * Size) + begin;
                var g = TRow.Read((S*)Gradient + (i * Size) + begin, count, buffer.Pointer);
                var sum = TRow.Read(destination, count, buffer.Pointer + count);
                RowMath.Add<V, T>(sum, g, sum, count);
                TRow.Write(sum, destination, count);
            }
        }
    }
}
