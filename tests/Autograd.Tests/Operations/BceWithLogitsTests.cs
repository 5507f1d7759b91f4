using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class BceWithLogitsTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["bce_with_logits"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].BceWithLogits(
        golden["y"], golden.Optional("weight"), golden.Optional("pos_weight"),
        Enum.Parse<LossReduction>(golden.Text("reduction") ?? "mean", ignoreCase: true)));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].BceWithLogits(x[1], posWeight: x[2]), GradientCheck.Normal([3, 4], seed: 2), GradientCheck.Normal([3, 4], seed: 3),
        GradientCheck.Normal([4], seed: 4));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].BceWithLogits(x[1]), Tensor.Zeros([3, 4]), Tensor.Zeros([3, 4]));
}
