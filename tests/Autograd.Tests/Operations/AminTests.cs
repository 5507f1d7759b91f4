using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Minima over several axes.</summary>
public sealed class AminTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["amin"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Amin(golden.Ints("dim"), golden.Bool("keepdim")));

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Amin([0, 2]), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Amin([0, 2]), GradientCheck.Normal([3, 4, 5], 2));
}
