using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>A value where a mask holds.</summary>
public sealed class MaskedFillTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["masked_fill"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].MaskedFill(golden["mask"], golden.Double("value")));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].MaskedFill(Flags, -2), GradientCheck.Normal([3, 1, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].MaskedFill(x[1], -2), GradientCheck.Normal([3, 1, 5], 2), Flags);

    [Test]
    public void The_mask_may_be_the_larger() => GradientCheck.Of(x => x[0].MaskedFill(Flags, 7), GradientCheck.Normal([3, 1], 2));

    private static Tensor Flags => Tensor.From([true, false, true, false, true], [5]);
}
