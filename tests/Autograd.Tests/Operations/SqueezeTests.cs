using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class SqueezeTests
{
    [Test]
    public void Axes_of_size_1_go_and_come()
    {
        var x = Tensor.Zeros([1, 3, 1, 2]);
        Assert.That(x.Squeeze().Shape, Is.EqualTo(new Shape(3, 2)));
        Assert.That(x.Squeeze(-2).Shape, Is.EqualTo(new Shape(1, 3, 2)));
        Assert.That(x.Squeeze(1).Shape, Is.EqualTo(x.Shape), "only size 1 goes away");
        Assert.That(x.Unsqueeze(-1).Shape, Is.EqualTo(new Shape(1, 3, 1, 2, 1)));
        Assert.That(x.Unsqueeze(0).Shape, Is.EqualTo(new Shape(1, 1, 3, 1, 2)));
        Assert.That(Tensor.Scalar(1f).Unsqueeze(0).Squeeze().Shape, Is.EqualTo(new Shape()));
        Assert.That(() => x.Squeeze(4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.Unsqueeze(5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].Transpose(0, 3).Squeeze() * x[0].Squeeze(0).Squeeze(1).T.Unsqueeze(1).Squeeze(-2), GradientCheck.Normal([1, 3, 1, 2], seed: 3));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Squeeze().Unsqueeze(1).Squeeze(1), Tensor.Zeros([1, 3, 1, 2]));
}
