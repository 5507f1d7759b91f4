using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Searches an axis for the first element that equals a value, for all values of a tensor; nan equals nan.</summary>
internal static unsafe class FirstIndexLoop
{
    public static void Run<T>(Tensor source, int axis, Tensor values, Tensor indices)
        where T : unmanaged, INumber<T>
    {
        var first = source.WithLayout(source.Layout.Slice(axis, 0, 1));
        var plan = new LoopPlan(indices, values, first);
        var length = (nint)source.Size(axis);
        var job = new Job<T> { Plan = &plan, Length = length, Step = (nint)source.Layout.Stride(axis) * source.DType.ByteSize };
        CpuThreadPool.For((nint)plan.Count, CpuThreadPool.GrainFor(length), job);
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, INumber<T>
    {
        public LoopPlan* Plan;
        public nint Length;
        public nint Step;

        public readonly void Execute(nint begin, nint end)
        {
            var cursor = new LoopCursor(Plan, begin);
            using var scratch = Scratch.Rent<byte>(2 * RowReader<T>.ScratchBytes);
            var values = new RowReader<T>(Plan->DType(1), Plan->RowStep(1), scratch.Pointer);
            var elements = new RowReader<T>(Plan->DType(2), Plan->RowStep(2), scratch.Pointer + RowReader<T>.ScratchBytes);
            var together = RowReader<T>.IsDirect(Plan->DType(2), Step);
            for (var place = begin; place < end;)
            {
                var count = Math.Min(Math.Min(cursor.Left, end - place), RowReader<T>.Block);
                var wanted = values.Read(cursor.Address(1), count);
                if (together) AlongRows(cursor, wanted, count);
                else AcrossRows(cursor, wanted, count, ref elements);
                cursor.Advance(count);
                place += count;
            }
        }

        // The axis lies in memory element by element: one search after the other.
        private readonly void AlongRows(LoopCursor cursor, T* wanted, nint count)
        {
            byte* source = cursor.Address(2), found = cursor.Address(0);
            for (nint i = 0; i < count; i++)
            {
                var row = (T*)(source + (i * Plan->RowStep(2)));
                var index = T.IsNaN(wanted[i]) ? 0 : Skip(row, wanted[i]);
                while (index < Length - 1 && !Matches(row[index], wanted[i])) index++;
                *(long*)(found + (i * Plan->RowStep(0))) = index;
            }
        }

        // The vectors before the first that has the element, or all that there are.
        private readonly nint Skip(T* row, T wanted)
        {
            var (index, last, vector) = ((nint)0, Length - Vector<T>.Count, new Vector<T>(wanted));
            while (index <= last && !Vector.EqualsAny(Vector.Load(row + index), vector)) index += Vector<T>.Count;
            return index;
        }

        // Neighbours belong to different searches: they go through the axis together, from its end, so that the first place comes last.
        private readonly void AcrossRows(LoopCursor cursor, T* wanted, nint count, ref RowReader<T> elements)
        {
            byte* source = cursor.Address(2), found = cursor.Address(0);
            for (var index = Length - 1; index >= 0; index--)
            {
                var row = elements.Read(source + (index * Step), count);
                for (nint i = 0; i < count; i++)
                {
                    if (Matches(row[i], wanted[i])) *(long*)(found + (i * Plan->RowStep(0))) = index;
                }
            }
        }

        private static bool Matches(T element, T wanted) => element == wanted || (T.IsNaN(element) && T.IsNaN(wanted));
    }
}
