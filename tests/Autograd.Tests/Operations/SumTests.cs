using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The sum over axes. The case cancel adds ones to 1e8, which float32 cannot hold; torch loses half of them, too.</summary>
public sealed class SumTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["sum"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(
            () => golden.Has("dim") ? golden["x"].Sum(golden.Ints("dim"), golden.Bool("keepdim")) : golden["x"].Sum(),
            float32: golden.Name == "cancel" ? 1 : 1e-5);

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Sum([0, -1]), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => x[0].Sum([0, -1], keepDim: true).Sum(), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Whole_numbers_and_truth_values_add_up_in_int64()
    {
        Assert.That(Tensor.From([200, 100], [2]).Sum().Item<long>(), Is.EqualTo(300));
        Assert.That(Tensor.From([true, true, false], [3]).Sum(0).Item<long>(), Is.EqualTo(2));
    }

    [Test]
    public void Axes_are_checked()
    {
        Assert.That(() => Tensor.Zeros([2, 3]).Sum(2), Throws.InstanceOf<ArgumentException>().With.Message.Contains("[2, 3]"));
        Assert.That(() => Tensor.Zeros([2, 3]).Sum([0, -2]), Throws.ArgumentException.With.Message.Contains("twice"));
        Assert.That(Tensor.Scalar(3f).Sum(-1).Item<float>(), Is.EqualTo(3));
    }
}
