using System.Numerics;
using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Dropout(Tensor input, double probability, ulong seed, ulong offset, Tensor destination)
    {
        var count = (nint)input.ElementCount;
        RowKernel.Run("Dropout", input.DType, (count + 3) / 4, 16, new DropoutCounters
        {
            Input = input.Address, Destination = destination.Address, Count = count, Seed = seed, Offset = offset,
            Below = (ulong)Math.Round((1 - probability) * 4294967296.0), Scale = probability < 1 ? 1 / (1 - probability) : 0,
        });
    }

    /// <summary>Its rows are Philox's counters, of four elements each.</summary>
    private struct DropoutCounters : IRowKernel
    {
        private const int BlockLength = 1024;

        public nint Input, Destination, Count;
        public ulong Seed, Offset, Below;
        public double Scale;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            var words = stackalloc uint[BlockLength];
            var factors = stackalloc T[BlockLength];
            using var buffer = Scratch.Rent<T>(TRow.Converts ? BlockLength : 0);
            end = Math.Min(4 * end, Count);
            for (var start = 4 * begin; start < end; start += BlockLength)
            {
                var length = Math.Min(BlockLength, end - start);
                Philox4x32.Fill(new Span<uint>(words, (int)length), Seed, Offset + (ulong)(start / 4));
                Factors(words, factors, length, Below, T.CreateTruncating(Scale));
                var destination = (S*)Destination + start;
                var x = TRow.Read((S*)Input + start, length, buffer.Pointer);
                var y = TRow.Target(destination, buffer.Pointer);
                for (nint i = 0; i < length; i += V.Count)
                {
                    V factor = RowMath.Load<V, T>(factors + i, length - i, default);
                    RowMath.Store(RowMath.Load<V, T>(x + i, length - i, default) * factor, y + i, length - i);
                }
                TRow.Write(y, destination, length);
            }
        }

        private static void Factors<T>(uint* words, T* factors, nint count, ulong below, T scale)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            nint i = 0;
            if (typeof(T) == typeof(float) && below <= uint.MaxValue)
            {
                var limit = new Vector<uint>((uint)below);
                var bits = new Vector<uint>(Unsafe.BitCast<T, uint>(scale));
                for (var last = count - Vector<uint>.Count; i <= last; i += Vector<uint>.Count)
                {
                    Unsafe.WriteUnaligned(factors + i, Vector.LessThan(Unsafe.ReadUnaligned<Vector<uint>>(words + i), limit) & bits);
                }
            }
            for (; i < count; i++) factors[i] = words[i] < below ? scale : T.Zero;
        }
    }
}
