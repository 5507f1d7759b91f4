using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class RmsNormTests
{
    // The gradient of a row of one element is what rounding leaves of two equal numbers; torch errs as much.
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["rms_norm"])]
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["t5_layer_norm"])]
    public void Agrees_with_transformers(GoldenCase golden) =>
        golden.Check(() => golden["x"].RmsNorm(golden["weight"], golden.Double("eps")), float32: golden.Name == "one" ? 1e-3 : 1e-5);

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].RmsNorm(x[1]), GradientCheck.Normal([2, 3, 5], seed: 2), GradientCheck.Normal([5], seed: 3));

    [Test]
    public void Gradients_without_a_weight_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].RmsNorm(), GradientCheck.Normal([3, 5], seed: 2));

    [TestCase(DType.Float16, 2e-3)]
    [TestCase(DType.BFloat16, 2e-2)]
    public void Half_precision_computes_in_float32(DType dtype, double tolerance)
    {
        var wide = Compare.Convert(Compare.Convert(GradientCheck.Normal([4, 37], seed: 2), dtype), DType.Float64).WithGrad();
        var half = Compare.Convert(wide, dtype).WithGrad();
        var (expected, found) = (wide.RmsNorm(), half.RmsNorm());
        Compare.Near(found, expected, tolerance, "RMS norm");
        expected.Backward(GradientCheck.Normal([4, 37], seed: 3));
        found.Backward(Compare.Convert(GradientCheck.Normal([4, 37], seed: 3), dtype));
        Compare.Near(half.Grad!.Value, wide.Grad!.Value, tolerance, "gradient");
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].RmsNorm(x[1]), Tensor.Zeros([2, 3, 4]), Tensor.Zeros([4]));
}
