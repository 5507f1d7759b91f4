using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class LinearTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["linear"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Linear(golden["weight"], golden.Optional("bias")));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].Linear(x[1], x[2]), GradientCheck.Normal([2, 3, 4], seed: 2), GradientCheck.Normal([5, 4], seed: 3),
        GradientCheck.Normal([5], seed: 4));

    [Test]
    public void A_second_backward_adds_to_the_buffers_of_the_parameters()
    {
        Tensor weight = GradientCheck.Normal([5, 4], seed: 3).WithGrad(), bias = GradientCheck.Normal([5], seed: 4).WithGrad();
        var x = GradientCheck.Normal([2, 3, 4], seed: 2);
        x.Linear(weight, bias).Sum().Backward();
        var once = Compare.Doubles(weight.Grad!.Value);
        x.Linear(weight, bias).Sum().Backward();
        Assert.That(Compare.Doubles(weight.Grad!.Value), Is.EqualTo(once.Select(value => 2 * value)).Within(1e-12));
        Assert.That(Compare.Doubles(bias.Grad!.Value), Is.EqualTo(Enumerable.Repeat(12.0, 5)));
    }

    [Test]
    public void Weights_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => Tensor.Zeros([2, 3]).Linear(Tensor.Zeros([5, 4])),
            Throws.ArgumentException.With.Message.Contains("[2, 3]").And.Message.Contains("[5, 4]"));
        Assert.That(
            () => Tensor.Zeros([2, 4]).Linear(Tensor.Zeros([5, 4]), Tensor.Zeros([4])),
            Throws.ArgumentException.With.Message.Contains("bias is [5]"));
    }

    [Test]
    public void Steps_allocate_nothing() =>
        AllocationCheck.Of(x => x[0].Linear(x[1], x[2]), Tensor.Zeros([2, 3, 4]), Tensor.Zeros([5, 4]), Tensor.Zeros([5]));
}
