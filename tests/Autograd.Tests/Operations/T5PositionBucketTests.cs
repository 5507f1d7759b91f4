using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class T5PositionBucketTests
{
    // The second result has the logarithm in float64; the goldens agree everywhere.
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["t5_position_bucket"])]
    public void Agrees_with_transformers(GoldenCase golden) => golden.CheckMany(() =>
    {
        var buckets = golden["relative_position"].T5PositionBucket(
            golden.Bool("bidirectional"), golden.Int("num_buckets"), golden.Int("max_distance"));
        return [buckets, buckets];
    });

    [Test]
    public void Buckets_that_cannot_be_are_refused()
    {
        var positions = Tensor.From([1L], [1]);
        Assert.That(() => positions.T5PositionBucket(buckets: 2), Throws.ArgumentException.With.Message.Contains("of 2 buckets"));
        Assert.That(() => positions.T5PositionBucket(maxDistance: 8), Throws.ArgumentException.With.Message.Contains("maxDistance 8"));
        Assert.That(() => Tensor.Zeros([1]).T5PositionBucket(), Throws.ArgumentException.With.Message.Contains("int64"));
    }
}
