using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// T5's buckets of relative positions (https://arxiv.org/abs/1910.10683), rows of its table of biases. Whole numbers have no gradient.
/// </summary>
public static class T5PositionBucketOperation
{
    extension(Tensor relativePositions)
    {
        /// <summary>The bucket of each relative position (key minus query, int64).</summary>
        /// <param name="bidirectional">
        /// Keys after the query have buckets of their own (encoder); else they share bucket 0 (decoder).
        /// </param>
        /// <param name="buckets">How many buckets: <c>relative_attention_num_buckets</c>.</param>
        /// <param name="maxDistance">Where the last bucket begins at the latest: <c>relative_attention_max_distance</c>.</param>
        public Tensor T5PositionBucket(bool bidirectional = true, int buckets = 32, int maxDistance = 128)
        {
            if (relativePositions.DType != DType.Int64)
            {
                throw new ArgumentException($"T5PositionBucket: relative positions are int64, found {relativePositions}");
            }
            var exact = (bidirectional ? buckets / 2 : buckets) / 2;
            if (exact < 1 || maxDistance <= exact)
            {
                throw new ArgumentException(
                    $"T5PositionBucket: {exact} of {buckets} buckets are for single distances; expected 1 up to maxDistance {maxDistance}");
            }
            var output = Tensor.Empty(relativePositions.Shape, DType.Int64, relativePositions.Device);
            Backend.For(output).T5PositionBucket(Views.Contiguous(relativePositions), bidirectional, buckets, maxDistance, output);
            return output;
        }
    }
}
