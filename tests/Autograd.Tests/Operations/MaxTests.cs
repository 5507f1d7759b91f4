using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The largest elements.</summary>
public sealed class MaxTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["max"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.CheckMany(() => Results(golden));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].Max(1).Values + x[0].Max(), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Max(1).Values + x[0].Max(), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Whole_numbers()
    {
        var x = Tensor.From([3, -1, 7, 7, 2, -1], [2, 3]);
        Assert.That(x.Max().Item<int>(), Is.EqualTo(7));
        var (values, indices) = x.Max(1);
        Assert.That(values.ToArray<int>(), Is.EqualTo(new[] { 7, 7 }));
        Assert.That(indices.ToArray<long>(), Is.EqualTo(new long[] { 2, 0 }));
    }

    private static Tensor[] Results(GoldenCase golden)
    {
        if (!golden.Has("dim")) return [golden["x"].Max()];
        var (values, indices) = golden["x"].Max(golden.Int("dim"), golden.Bool("keepdim"));
        return [values, indices];
    }
}
