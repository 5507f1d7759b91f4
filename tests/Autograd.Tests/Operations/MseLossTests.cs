using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class MseLossTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["mse_loss"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(
            () => golden["x"].MseLoss(golden["y"], Enum.Parse<LossReduction>(golden.Text("reduction") ?? "mean", ignoreCase: true)));

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].MseLoss(x[1]), GradientCheck.Normal([3, 4], seed: 2), GradientCheck.Normal([3, 4], seed: 3));

    [Test]
    public void Shapes_that_differ_are_refused() =>
        Assert.That(() => Tensor.Zeros([3]).MseLoss(Tensor.Zeros([3, 1])), Throws.ArgumentException.With.Message.Contains("[3, 1]"));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].MseLoss(x[1]), Tensor.Zeros([3, 4]), Tensor.Zeros([3, 4]));
}
