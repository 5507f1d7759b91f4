using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Fill(Tensor destination, double value)
    {
        var dtype = destination.DType;
        var job = new FillJob();
        if (PrecisionOf(destination, nameof(Fill)) == Precision.Whole && dtype != DType.Bool)
        {
            var whole = (long)value;
            Conversion.Store(&whole, dtype, &job.Value, 1);
        }
        else
        {
            Conversion.Store(&value, dtype, &job.Value, 1);
        }
        var plan = new LoopPlan(destination);
        job.Plan = &plan;
        CpuThreadPool.For((nint)plan.Count, CpuThreadPool.GrainFor(1), job);
    }

    private struct FillJob : IParallelJob
    {
        public LoopPlan* Plan;
        public long Value;

        public readonly void Execute(nint begin, nint end)
        {
            var (cursor, value, size) = (new LoopCursor(Plan, begin), Value, Plan->DType(0).ByteSize);
            for (var place = begin; place < end;)
            {
                var count = Math.Min(cursor.Left, end - place);
                Strides.Copy((byte*)&value, 0, cursor.Address(0), Plan->RowStep(0), count, size);
                cursor.Advance(count);
                place += count;
            }
        }
    }
}
