using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Maxima over several axes.</summary>
public sealed class AmaxTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["amax"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Amax(golden.Ints("dim"), golden.Bool("keepdim")));

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Amax([0, 2]), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Amax([0, 2]), GradientCheck.Normal([3, 4, 5], 2));
}
