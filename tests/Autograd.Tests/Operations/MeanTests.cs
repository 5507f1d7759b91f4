using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The mean over axes. The case cancel averages ones and 1e8, which float32 cannot hold; torch loses half of them, too.</summary>
public sealed class MeanTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["mean"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(
            () => golden.Has("dim") ? golden["x"].Mean(golden.Ints("dim"), golden.Bool("keepdim")) : golden["x"].Mean(),
            float32: golden.Name == "cancel" ? 1 : 1e-5);

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Mean([0, -1]), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => x[0].Mean([0, -1], keepDim: true).Mean(), GradientCheck.Normal([3, 4, 5], 2));
}
