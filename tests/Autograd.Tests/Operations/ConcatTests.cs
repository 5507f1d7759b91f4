using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ConcatTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["concat"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => Tensor.Concat(golden.Inputs("x"), golden.Int("dim")));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => Tensor.Concat([x[0], x[1].T, x[0]], dim: -1), GradientCheck.Normal([2, 3], seed: 7), GradientCheck.Normal([4, 2], seed: 8));

    [Test]
    public void Whole_numbers_are_joined_too() =>
        Assert.That(Tensor.Concat([Tensor.From([1L], [1]), Tensor.From([2L, 3], [2])]).ToArray<long>(), Is.EqualTo(new long[] { 1, 2, 3 }));

    [Test]
    public void Only_empty_vectors_make_an_empty_vector() =>
        Assert.That(Tensor.Concat([Tensor.Zeros([0]), Tensor.Zeros([0])]).Shape, Is.EqualTo(new Shape(0)));

    [Test]
    public void Shapes_and_dtypes_must_agree()
    {
        Tensor a = Tensor.Zeros([2, 3]), b = Tensor.Zeros([2, 4]);
        Assert.That(() => Tensor.Concat([a, b]), Throws.ArgumentException.With.Message.Contains("Concat: tensor 1 of shape [2, 4] does not go with [2, 3] along axis 0"));
        Assert.That(() => Tensor.Concat([a, Tensor.Zeros([2, 3, 1])]), Throws.ArgumentException);
        Assert.That(() => Tensor.Concat([a, Tensor.Zeros([2, 3], DType.Int64)]), Throws.ArgumentException.With.Message.Contains("int64"));
        Assert.That(() => Tensor.Concat([Tensor.Scalar(1f)]), Throws.ArgumentException.With.Message.Contains("Stack"));
        Assert.That(() => Tensor.Concat([]), Throws.ArgumentException);
        Assert.That(() => Tensor.Concat([a], dim: 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => Tensor.Concat([x[0], x[1], x[0], x[1], x[0], x[1]], dim: 1), Tensor.Zeros([2, 3]), Tensor.Zeros([2, 1]));
}
