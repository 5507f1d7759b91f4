using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Cumsum(Tensor source, int axis, bool reverse, Tensor destination)
    {
        if (source.ElementCount == 0) return;
        if (PrecisionOf(source, nameof(Cumsum)) == Precision.Whole) CumsumJob<long>.Run(source, axis, reverse, destination);
        else CumsumJob<double>.Run(source, axis, reverse, destination);
    }

    // Shares out the lines along the axis.
    private struct CumsumJob<T> : IParallelJob
        where T : unmanaged, INumber<T>
    {
        private LoopPlan* _plan;
        private nint _length;
        private nint _sourceStep;
        private nint _step;

        public static void Run(Tensor source, int axis, bool reverse, Tensor destination)
        {
            var start = reverse ? source.Size(axis) - 1 : 0;
            Layout first = source.Layout.Slice(axis, start, 1), firstSum = destination.Layout.Slice(axis, start, 1);
            var plan = new LoopPlan(destination.WithLayout(firstSum), source.WithLayout(first));
            var sign = reverse ? -1 : 1;
            var job = new CumsumJob<T>
            {
                _plan = &plan,
                _length = (nint)source.Size(axis),
                _sourceStep = (nint)(sign * source.Layout.Stride(axis) * source.DType.ByteSize),
                _step = (nint)(sign * destination.Layout.Stride(axis) * destination.DType.ByteSize),
            };
            CpuThreadPool.For((nint)plan.Count, CpuThreadPool.GrainFor(2 * job._length), job);
        }

        public readonly void Execute(nint begin, nint end)
        {
            var cursor = new LoopCursor(_plan, begin);
            using var scratch = Scratch.Rent<byte>((2 * RowReader<T>.ScratchBytes) + (RowReader<T>.Block * sizeof(T)));
            var totals = (T*)(scratch.Pointer + (2 * RowReader<T>.ScratchBytes));
            var along = Math.Abs(_sourceStep) <= Math.Abs(_plan->RowStep(1));
            for (var place = begin; place < end;)
            {
                var count = along ? 1 : Math.Min(Math.Min(cursor.Left, end - place), RowReader<T>.Block);
                if (along) AlongLine(cursor.Address(1), cursor.Address(0), totals, scratch.Pointer);
                else AcrossLines(cursor.Address(1), cursor.Address(0), totals, count, scratch.Pointer);
                cursor.Advance(count);
                place += count;
            }
        }

        // The axis is the closest in memory: one line after the other, a block of it at a time.
        private readonly void AlongLine(byte* source, byte* destination, T* sums, byte* scratch)
        {
            var reader = new RowReader<T>(_plan->DType(1), _sourceStep, scratch);
            var writer = new RowWriter<T>(_plan->DType(0), _step, scratch + RowReader<T>.ScratchBytes);
            var total = T.Zero;
            for (nint first = 0; first < _length; first += RowReader<T>.Block)
            {
                var count = Math.Min(_length - first, RowReader<T>.Block);
                var elements = reader.Read(source + (first * _sourceStep), count);
                for (nint i = 0; i < count; i++) sums[i] = total += elements[i];
                writer.Write(sums, destination + (first * _step), count);
            }
        }

        // Neighbours belong to different lines: their totals go along the axis together.
        private readonly void AcrossLines(byte* source, byte* destination, T* totals, nint count, byte* scratch)
        {
            var reader = new RowReader<T>(_plan->DType(1), _plan->RowStep(1), scratch);
            var writer = new RowWriter<T>(_plan->DType(0), _plan->RowStep(0), scratch + RowReader<T>.ScratchBytes);
            new Span<T>(totals, (int)count).Clear();
            for (nint index = 0; index < _length; index++)
            {
                var elements = reader.Read(source + (index * _sourceStep), count);
                for (nint i = 0; i < count; i++) totals[i] += elements[i];
                writer.Write(totals, destination + (index * _step), count);
            }
        }
    }
}
