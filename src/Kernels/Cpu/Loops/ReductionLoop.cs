using System.Numerics;
using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Reduces a tensor of any layout and dtype over any axes. The elements of each result are cut into leaves of fixed size, which threads
/// take, and the leaves' results are merged pairwise: the same bits for any number of threads, and an error that grows with the logarithm
/// of the count.
/// </summary>
internal static unsafe class ReductionLoop
{
    private const int LeafElements = 4096; // of a result that is reduced from rows
    private const int LeafRows = 64; // that are added up
    private const int LongestPiece = 512; // elements of such rows that one thread adds up at a time

    /// <summary>Reduces float or double over every axis of size 1 in the destination, and divides the results.</summary>
    public static void Floating<T, TReduction>(Tensor source, Tensor destination, double divisor = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : struct, IReduction<T> =>
        Run<T, SimdReducer<T, TReduction>>(source, destination, divisor);

    /// <summary>Reduces whole numbers and bool, which are computed with as long.</summary>
    public static void Whole<TOperator>(Tensor source, Tensor destination)
        where TOperator : struct, IWholeReduction =>
        Run<long, WholeReducer<TOperator>>(source, destination, 1);

    private static void Run<T, TReducer>(Tensor source, Tensor destination, double divisor)
        where T : unmanaged, INumber<T>
        where TReducer : struct, IReducer<T>
    {
        var plan = new ReductionPlan(source, destination);
        if (plan.KeptCount == 0) return;
        var job = new Job<T, TReducer> { Plan = &plan, Divisor = divisor };
        if (plan.ReducesRows || plan.ReducedCount == 0) job.ReduceRows();
        else job.AddUpRows();
    }

    private struct Job<T, TReducer>
        where T : unmanaged, INumber<T>
        where TReducer : struct, IReducer<T>
    {
        public ReductionPlan* Plan;
        public double Divisor;
        private T* _partial;
        private long _leaves;
        private nint _piece;
        private long _pieces;

        private static TReducer Reducer => default;

        /// <summary>Each result from its own rows: partial[result][leaf].</summary>
        public void ReduceRows()
        {
            _leaves = Math.Max(1, (Plan->ReducedCount + LeafElements - 1) / LeafElements);
            using var partial = Scratch.Rent<T>((nint)(Plan->KeptCount * _leaves));
            _partial = partial.Pointer;
            var self = Unsafe.AsPointer(ref this);
            var work = (nint)Math.Min(Plan->ReducedCount, LeafElements) + 16;
            CpuThreadPool.For((nint)(Plan->KeptCount * _leaves), CpuThreadPool.GrainFor(work), &ReduceLeaves, self);
            CpuThreadPool.For((nint)Plan->KeptCount, CpuThreadPool.GrainFor((nint)_leaves + 8), &FinishResults, self);
        }

        /// <summary>Rows of neighbouring results, added up: partial[piece of a row][leaf][element].</summary>
        public void AddUpRows()
        {
            _piece = Math.Min(Plan->KeptRow, LongestPiece);
            _pieces = ((Plan->KeptRow + _piece - 1) / _piece) * (Plan->KeptCount / Plan->KeptRow);
            _leaves = (Plan->ReducedCount + LeafRows - 1) / LeafRows;
            using var partial = Scratch.Rent<T>((nint)(_pieces * _leaves * _piece));
            _partial = partial.Pointer;
            var self = Unsafe.AsPointer(ref this);
            var work = _piece * (nint)Math.Min(Plan->ReducedCount, LeafRows);
            CpuThreadPool.For((nint)(_pieces * _leaves), CpuThreadPool.GrainFor(work), &AddUpLeaves, self);
            CpuThreadPool.For((nint)_pieces, CpuThreadPool.GrainFor(_piece * (nint)_leaves), &FinishPieces, self);
        }

        private static void ReduceLeaves(void* self, nint begin, nint end)
        {
            ref var job = ref Unsafe.AsRef<Job<T, TReducer>>(self);
            using var scratch = Scratch.Rent<byte>(RowReader<T>.ScratchBytes + (LeafElements * sizeof(T)));
            for (var item = begin; item < end; item++)
            {
                var (result, leaf) = Math.DivRem((long)item, job._leaves);
                var first = leaf * LeafElements;
                var count = (nint)Math.Min(job.Plan->ReducedCount - first, LeafElements);
                var source = (byte*)job.Plan->Kept(result).Source;
                job._partial[item] = count > 0 ? job.ReduceLeaf(source, first, count, scratch.Pointer) : Reducer.Start;
            }
        }

        private readonly T ReduceLeaf(byte* source, long first, nint count, byte* scratch)
        {
            var row = Plan->ReducedRow;
            var column = (nint)(first % row);
            var direct = RowReader<T>.IsDirect(Plan->SourceType, Plan->ReducedStep);
            if (direct && column + count <= row) return Reducer.Row((T*)(source + Plan->Reduced(first)), count);

            // Rows that are too short, far apart or of another type are packed first.
            var reader = new RowReader<T>(Plan->SourceType, Plan->ReducedStep, scratch);
            var packed = (T*)(scratch + RowReader<T>.ScratchBytes);
            for (nint done = 0; done < count;)
            {
                var length = Math.Min(Math.Min(row - column, count - done), RowReader<T>.Block);
                reader.ReadTo(source + Plan->Reduced(first + done), length, packed + done);
                done += length;
                column = column + length == row ? 0 : column + length;
            }
            return Reducer.Row(packed, count);
        }

        private static void FinishResults(void* self, nint begin, nint end)
        {
            ref var job = ref Unsafe.AsRef<Job<T, TReducer>>(self);
            for (var result = begin; result < end; result++)
            {
                var value = job.Merge(job._partial + (result * (nint)job._leaves), (nint)job._leaves);
                job.Finish(&value, 1);
                Conversion.Store(&value, job.Plan->DestinationType, (void*)job.Plan->Kept(result).Destination, 1);
            }
        }

        private readonly T Merge(T* values, nint count)
        {
            if (count == 1) return values[0];
            var half = (count + 1) / 2;
            return Reducer.Merge(Merge(values, half), Merge(values + half, count - half));
        }

        private static void AddUpLeaves(void* self, nint begin, nint end)
        {
            ref var job = ref Unsafe.AsRef<Job<T, TReducer>>(self);
            using var scratch = Scratch.Rent<byte>(4 * RowReader<T>.ScratchBytes);
            for (var item = begin; item < end; item++)
            {
                var (piece, leaf) = Math.DivRem((long)item, job._leaves);
                var (result, count) = job.Piece(piece);
                var first = leaf * LeafRows;
                var rows = (int)Math.Min(job.Plan->ReducedCount - first, LeafRows);
                job.AddUp((byte*)job.Plan->Kept(result).Source, first, rows, job._partial + (item * job._piece), count, scratch.Pointer);
            }
        }

        private readonly void AddUp(byte* source, long first, int rowCount, T* sums, nint count, byte* scratch)
        {
            var rows = stackalloc T*[4];
            new Span<T>(sums, (int)count).Fill(Reducer.Start);
            for (var done = 0; done < rowCount; done += 4)
            {
                var group = Math.Min(4, rowCount - done);
                for (var i = 0; i < group; i++)
                {
                    var reader = new RowReader<T>(Plan->SourceType, Plan->KeptStep, scratch + (i * RowReader<T>.ScratchBytes));
                    rows[i] = reader.Read(source + Plan->Reduced(first + done + i), count);
                }
                Reducer.Columns(sums, rows, group, count);
            }
        }

        private static void FinishPieces(void* self, nint begin, nint end)
        {
            ref var job = ref Unsafe.AsRef<Job<T, TReducer>>(self);
            using var scratch = Scratch.Rent<byte>(RowReader<T>.ScratchBytes);
            var writer = new RowWriter<T>(job.Plan->DestinationType, job.Plan->DestinationStep, scratch.Pointer);
            for (var piece = begin; piece < end; piece++)
            {
                var (result, count) = job.Piece(piece);
                var sums = job._partial + (piece * (nint)job._leaves * job._piece);
                job.MergeRows(sums, (nint)job._leaves, count);
                job.Finish(sums, count);
                writer.Write(sums, (byte*)job.Plan->Kept(result).Destination, count);
            }
        }

        // Leaves lie one after the other; the result replaces the first.
        private readonly void MergeRows(T* leaves, nint leafCount, nint count)
        {
            if (leafCount == 1) return;
            var half = (leafCount + 1) / 2;
            var second = leaves + (half * _piece);
            MergeRows(leaves, half, count);
            MergeRows(second, leafCount - half, count);
            Reducer.Columns(leaves, &second, 1, count);
        }

        private readonly (long Result, nint Count) Piece(long piece)
        {
            var (row, part) = Math.DivRem(piece, (Plan->KeptRow + _piece - 1) / _piece);
            var column = (nint)part * _piece;
            return ((row * Plan->KeptRow) + column, Math.Min(Plan->KeptRow - column, _piece));
        }

        private readonly void Finish(T* values, nint count)
        {
            if (Divisor == 1) return;
            var divisor = T.CreateTruncating(Divisor);
            for (nint i = 0; i < count; i++) values[i] /= divisor;
        }
    }
}
