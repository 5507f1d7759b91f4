using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class PermuteTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["permute"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Permute(golden.Ints("dims")));

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].Permute(3, 1, 0, 2).Transpose(-1, 0) * x[0].Permute(2, 1, 0, 3), GradientCheck.Normal([2, 3, 2, 2], seed: 3));

    [Test]
    public void A_view_sees_the_same_memory()
    {
        var x = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        var turned = x.Transpose(0, 1);
        Assert.That(turned.Storage, Is.SameAs(x.Storage));
        Assert.That(x.T.ToArray<float>(), Is.EqualTo(new float[] { 1, 4, 2, 5, 3, 6 }));
        Assert.That(turned.T.ToArray<float>(), Is.EqualTo(x.ToArray<float>()));
    }

    [Test]
    public void T_is_for_matrices()
    {
        var vector = Tensor.Zeros([3]);
        Assert.That(vector.T, Is.EqualTo(vector));
        Assert.That(() => Tensor.Zeros([2, 3, 4]).T, Throws.InvalidOperationException.With.Message.Contains("[2, 3, 4]"));
    }

    [Test]
    public void Axes_are_named_once_each()
    {
        Assert.That(() => Tensor.Zeros([2, 3]).Permute(0), Throws.ArgumentException.With.Message.Contains("[2, 3]"));
        Assert.That(() => Tensor.Zeros([2, 3]).Permute(0, -2), Throws.ArgumentException.With.Message.Contains("axis 0 twice"));
        Assert.That(() => Tensor.Zeros([2, 3]).Transpose(0, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Permute(1, 2, 0).Transpose(0, 1), Tensor.Zeros([2, 3, 4]));
}
