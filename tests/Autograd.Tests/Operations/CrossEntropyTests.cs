using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class CrossEntropyTests
{
    private static readonly Tensor Targets = Tensor.From([2L, -100, 0, 4], [4]);

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["cross_entropy"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].CrossEntropy(
        golden["target"], golden.Optional("weight"), golden.Int("ignore_index", -100), golden.Double("label_smoothing"),
        Enum.Parse<LossReduction>(golden.Text("reduction") ?? "mean", ignoreCase: true)));

    [Test]
    public void Gradients_are_the_derivatives([Values(0, 0.3)] double smoothing, [Values] bool weighted, [Values] LossReduction reduction)
    {
        var weight = Tensor.From([0.5, 1, 2, 0.1, 1.5], [5]);
        GradientCheck.Of(
            x => x[0].CrossEntropy(Targets, weighted ? weight : null, -100, smoothing, reduction), GradientCheck.Normal([4, 5], seed: 2));
    }

    [Test]
    public void Probabilities_with_weights_and_smoothing_have_the_derivatives_as_gradients()
    {
        var weight = Tensor.From([0.5, 1, 2], [3]);
        GradientCheck.Of(
            x => x[0].CrossEntropy(x[1], weight, labelSmoothing: 0.2), GradientCheck.Normal([4, 3, 2], seed: 2),
            GradientCheck.Normal([4, 3, 2], seed: 3));
    }

    [TestCase(DType.Float16, 2e-3)]
    [TestCase(DType.BFloat16, 2e-2)]
    public void Half_precision_computes_in_float32(DType dtype, double tolerance)
    {
        var half = Compare.Convert(GradientCheck.Normal([4, 5], seed: 2, scale: 3), dtype).WithGrad();
        var wide = Compare.Convert(half, DType.Float64).WithGrad();
        var (found, expected) = (half.CrossEntropy(Targets), wide.CrossEntropy(Targets));
        Assert.That(found.DType, Is.EqualTo(dtype));
        Compare.Near(found, expected, tolerance, "loss");
        found.Backward();
        expected.Backward();
        Compare.Near(half.Grad!.Value, wide.Grad!.Value, tolerance, "gradient");
    }

    [Test]
    public void Targets_that_are_no_class_are_named()
    {
        Assert.That(
            () => Tensor.Zeros([2, 3]).CrossEntropy(Tensor.From([0L, 3], [2])),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("target 3 of row 1"));
        Assert.That(() => Tensor.Zeros([2, 3]).CrossEntropy(Tensor.From([0L], [1])), Throws.ArgumentException.With.Message.Contains("[2]"));
        Assert.That(
            () => Tensor.Zeros([2, 3]).CrossEntropy(Targets, Tensor.Zeros([2])),
            Throws.ArgumentException.With.Message.Contains("one weight for each class"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].CrossEntropy(Targets, labelSmoothing: 0.1), Tensor.Zeros([4, 5]));
}
