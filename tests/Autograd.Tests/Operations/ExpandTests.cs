using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ExpandTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["expand"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Expand(golden.Longs("shape")));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(x => x[0].Expand(2, -1, 4), GradientCheck.Normal([3, 1], seed: 3));

    [Test]
    public void Sizes_of_0_make_an_empty_view_and_no_gradient()
    {
        var x = Tensor.From([1f, 2f], [2, 1]).WithGrad();
        var empty = x.BroadcastTo([2, 0]);
        Assert.That(empty.Shape, Is.EqualTo(new Shape(2, 0)));
        empty.Sum().Backward();
        Assert.That(x.Grad!.Value.ToArray<float>(), Is.EqualTo(new float[] { 0, 0 }));
    }

    [Test]
    public void Axes_of_other_sizes_do_not_expand()
    {
        var x = Tensor.Zeros([3, 2]);
        Assert.That(() => x.Expand(3, 4), Throws.ArgumentException.With.Message.Contains("[3, 2] cannot be expanded to [3, 4]"));
        Assert.That(() => x.Expand(2), Throws.ArgumentException.With.Message.Contains("only 1 sizes"));
        Assert.That(() => x.Expand(-1, 3, 2), Throws.ArgumentException.With.Message.Contains("new axis"));
        Assert.That(() => x.Expand(1, 1, 1, 1, 1, 1, 1, 3, 2), Throws.ArgumentException.With.Message.Contains("at most 8"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Expand(5, -1, 4), Tensor.Zeros([3, 1]));
}
