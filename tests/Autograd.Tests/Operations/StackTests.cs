using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class StackTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["stack"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => Tensor.Stack(golden.Inputs("x"), golden.Int("dim")));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => Tensor.Stack([x[0], x[1].T], dim: 1), GradientCheck.Normal([2, 3], seed: 7), GradientCheck.Normal([3, 2], seed: 8));

    [Test]
    public void Shapes_must_be_the_same()
    {
        Tensor a = Tensor.Zeros([2, 3]), b = Tensor.Zeros([2, 1]);
        Assert.That(() => Tensor.Stack([a, b]), Throws.ArgumentException.With.Message.Contains("Stack: tensor 1 has shape [2, 1], the first has [2, 3]"));
        Assert.That(() => Tensor.Stack([a, a], dim: 3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 2"));
        Assert.That(() => Tensor.Stack([]), Throws.ArgumentException);
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => Tensor.Stack([x[0], x[1], x[0]], dim: -1), Tensor.Zeros([2, 3]), Tensor.Zeros([2, 3]));
}
