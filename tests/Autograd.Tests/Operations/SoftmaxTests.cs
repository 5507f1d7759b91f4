using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class SoftmaxTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["softmax"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Softmax(golden.Int("dim")));

    [Test]
    public void Gradients_are_the_derivatives([Values(0, 1, 2)] int dim) =>
        GradientCheck.Of(x => x[0].Softmax(dim), GradientCheck.Normal([2, 5, 3], seed: 2));

    [Test]
    public void A_scalar_is_a_row_of_one()
    {
        var x = Tensor.Scalar(3.0).WithGrad();
        var y = x.Softmax(0);
        y.Backward();
        Assert.That(y.Item<double>(), Is.EqualTo(1));
        Assert.That(x.Grad!.Value.Item<double>(), Is.Zero);
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Softmax(1), Tensor.Zeros([2, 5, 3]));
}
