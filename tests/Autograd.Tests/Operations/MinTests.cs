using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The smallest elements.</summary>
public sealed class MinTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["min"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.CheckMany(() => Results(golden));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].Min(1).Values + x[0].Min(), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Min(1).Values + x[0].Min(), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Whole_numbers()
    {
        var x = Tensor.From([3, -1, 7, 7, 2, -1], [2, 3]);
        Assert.That(x.Min().Item<int>(), Is.EqualTo(-1));
        var (values, indices) = x.Min(1);
        Assert.That(values.ToArray<int>(), Is.EqualTo(new[] { -1, -1 }));
        Assert.That(indices.ToArray<long>(), Is.EqualTo(new long[] { 1, 2 }));
    }

    private static Tensor[] Results(GoldenCase golden)
    {
        if (!golden.Has("dim")) return [golden["x"].Min()];
        var (values, indices) = golden["x"].Min(golden.Int("dim"), golden.Bool("keepdim"));
        return [values, indices];
    }
}
