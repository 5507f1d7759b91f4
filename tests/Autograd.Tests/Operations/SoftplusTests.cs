using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>ln(1 + e^input).</summary>
public sealed class SoftplusTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["softplus"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].Softplus(golden.Double("beta", 1), golden.Double("threshold", 20)));

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Softplus(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Softplus(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Small_results_keep_their_digits()
    {
        var x = Tensor.From([-20f, -40f], [2]).Softplus().ToArray<float>();
        Assert.That(x[0], Is.EqualTo(Math.Exp(-20)).Within(1e-6 * Math.Exp(-20)));
        Assert.That(x[1], Is.EqualTo(Math.Exp(-40)).Within(1e-6 * Math.Exp(-40)));
    }
}
