using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>input · sigmoid(input).</summary>
public sealed class SiluTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["silu"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Silu());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Silu(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Silu(), GradientCheck.Normal([3, 5], 2));
}
