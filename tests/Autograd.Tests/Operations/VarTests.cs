using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The variance over axes.</summary>
public sealed class VarTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["var"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].Var(golden.Ints("dim"), golden.Double("correction", 1), golden.Bool("keepdim")));

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Var([0, -1]), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Var(1), GradientCheck.Normal([3, 4, 5], 2));
}
