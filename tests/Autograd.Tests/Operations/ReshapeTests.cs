using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ReshapeTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["reshape"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Reshape(golden.Longs("shape")));

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].Transpose(0, 1).Reshape(3, -1) * x[0].Flatten(1).Reshape(3, 4), GradientCheck.Normal([2, 3, 2], seed: 3));

    [TestCase(0, -1, new long[] { 120 })]
    [TestCase(1, 2, new long[] { 2, 12, 5 })]
    [TestCase(-2, -1, new long[] { 2, 3, 20 })]
    [TestCase(1, 1, new long[] { 2, 3, 4, 5 })]
    public void Flatten_joins_axes(int start, int end, long[] expected) =>
        Assert.That(Tensor.Zeros([2, 3, 4, 5]).Flatten(start, end).Shape, Is.EqualTo(new Shape(expected)));

    [Test]
    public void Flatten_makes_a_vector_of_a_scalar() => Assert.That(Tensor.Scalar(3f).Flatten().Shape, Is.EqualTo(new Shape(1)));

    [Test]
    public void A_view_is_made_where_the_layout_allows()
    {
        var x = Tensor.Zeros([2, 3, 4]);
        Assert.That(x.Reshape(6, 4).Storage, Is.SameAs(x.Storage));
        Assert.That(x.Transpose(0, 1).Reshape(3, 2, 2, 2).Storage, Is.SameAs(x.Storage));
        Assert.That(x.Transpose(0, 1).Reshape(6, 4).Storage, Is.Not.SameAs(x.Storage));
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused()
    {
        var x = Tensor.Zeros([2, 3]);
        Assert.That(() => x.Reshape(4), Throws.ArgumentException.With.Message.Contains("Reshape: shape [2, 3] with 6 elements does not fit [4]"));
        Assert.That(() => x.Reshape(4, -1), Throws.ArgumentException.With.Message.Contains("[4, -1]"));
        Assert.That(() => x.Reshape(-1, -1), Throws.ArgumentException.With.Message.Contains("only one size may be -1"));
        Assert.That(() => Tensor.Zeros([0, 3]).Reshape(0, -1), Throws.ArgumentException.With.Message.Contains("[0, -1]"), "any size would do");
        Assert.That(() => x.Flatten(1, 0), Throws.ArgumentException.With.Message.Contains("comes after"));
        Assert.That(() => x.Reshape(6, -2), Throws.ArgumentException);
        Assert.That(() => x.Reshape(-2, -3), Throws.ArgumentException);
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Transpose(0, 1).Reshape(12, 2).Flatten(), Tensor.Zeros([2, 3, 4]));
}
