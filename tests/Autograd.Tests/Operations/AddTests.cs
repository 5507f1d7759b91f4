using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>left + alpha · right.</summary>
public sealed class AddTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["add"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Add(golden["y"], golden.Double("alpha", 1)));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0] + x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => x[0] + x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Numbers_on_either_side() =>
        GradientCheck.Of(x => 2.5 + (x[0] + 1), GradientCheck.Normal([3, 5], 2, scale: 0.3, shift: 2));

    [Test]
    public void Numbers_allocate_nothing() =>
        AllocationCheck.Of(x => 2.5 + (x[0] + 1), GradientCheck.Normal([3, 5], 2, scale: 0.3, shift: 2));

    [Test]
    public void Whole_numbers_take_whole_numbers()
    {
        Assert.That((Tensor.From([1L, 2L], [2]) + 3).ToArray<long>(), Is.EqualTo(new long[] { 4, 5 }));
        Assert.That(() => Tensor.From([1L], [1]) + 0.5,
            Throws.ArgumentException.With.Message.Contains("0.5").And.Message.Contains("int64"));
        Assert.That(() => Tensor.From([true], [1]) + 1, Throws.ArgumentException.With.Message.Contains("bool"));
    }

    [Test]
    public void Shapes_and_dtypes_must_fit()
    {
        Assert.That(() => Tensor.Zeros([2, 3]) + Tensor.Zeros([2]),
            Throws.ArgumentException.With.Message.Contains("[2, 3]").And.Message.Contains("[2]"));
        Assert.That(() => Tensor.Zeros([2]) + Tensor.Zeros([2], DType.Float64),
            Throws.ArgumentException.With.Message.Contains("float32").And.Message.Contains("float64"));
    }
}
