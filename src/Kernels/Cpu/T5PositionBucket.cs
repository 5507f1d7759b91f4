using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void T5PositionBucket(Tensor relativePositions, bool bidirectional, int buckets, int maxDistance, Tensor destination) =>
        CpuThreadPool.For((nint)relativePositions.ElementCount, CpuThreadPool.GrainFor(8), new T5PositionBuckets
        {
            Positions = (long*)relativePositions.Address, Destination = (long*)destination.Address, Bidirectional = bidirectional,
            Buckets = bidirectional ? buckets / 2 : buckets, MaxDistance = maxDistance,
        });

    private struct T5PositionBuckets : IParallelJob
    {
        public long* Positions, Destination;
        public bool Bidirectional;
        public int Buckets, MaxDistance;

        public readonly void Execute(nint begin, nint end)
        {
            var exact = Buckets / 2;
            var range = (float)Math.Log((double)MaxDistance / exact);
            for (var i = begin; i < end; i++)
            {
                var position = Positions[i];
                var distance = Bidirectional ? Math.Abs(position) : Math.Max(0, -position);
                var bucket = distance;
                if (distance >= exact)
                {
                    var beyond = MathF.Log((float)distance / exact) / range * (Buckets - exact);
                    bucket = Math.Min(exact + (long)beyond, Buckets - 1);
                }
                Destination[i] = bucket + (Bidirectional && position > 0 ? Buckets : 0);
            }
        }
    }
}
