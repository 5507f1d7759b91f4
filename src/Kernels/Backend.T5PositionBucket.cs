using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination = the bucket of each relative position (key minus query), all int64 and contiguous: half of the buckets for small
    /// distances one by one, the rest for logarithmically growing ranges up to <paramref name="maxDistance"/> and beyond. The logarithm is
    /// float32's, as transformers takes it.
    /// </summary>
    /// <param name="relativePositions">Positions of keys minus positions of queries.</param>
    /// <param name="bidirectional">The upper half of the buckets is for keys after the query; else those share bucket 0.</param>
    /// <param name="buckets">How many buckets.</param>
    /// <param name="maxDistance">From here on everything is in the last bucket.</param>
    /// <param name="destination">The buckets.</param>
    public abstract void T5PositionBucket(Tensor relativePositions, bool bidirectional, int buckets, int maxDistance, Tensor destination);
}
