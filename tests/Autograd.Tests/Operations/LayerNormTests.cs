using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class LayerNormTests
{
    // float32 cannot hold a mean of 10000 closer than 5e-4, nor the difference that a row of one element leaves; torch errs as much.
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["layer_norm"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(
        () => golden["x"].LayerNorm(golden.Optional("weight"), golden.Optional("bias"), golden.Double("eps"), golden.Int("dims", 1)),
        float32: golden.Name == "offset" ? 2e-3 : 1e-5);

    [Test]
    public void Gradients_are_the_derivatives([Values(1, 2)] int dims)
    {
        var shape = new Shape(dims == 1 ? [5] : [3, 5]);
        GradientCheck.Of(
            x => x[0].LayerNorm(x[1], x[2], normalizedDims: dims), GradientCheck.Normal([2, 3, 5], seed: 2),
            GradientCheck.Normal(shape, seed: 3), GradientCheck.Normal(shape, seed: 4));
    }

    [Test]
    public void Parameter_gradients_of_many_rows_add_to_what_is_there()
    {
        var x = GradientCheck.Normal([3000, 40], seed: 2);
        Tensor weight = GradientCheck.Normal([40], seed: 3).WithGrad(), bias = GradientCheck.Normal([40], seed: 4).WithGrad();
        for (var pass = 0; pass < 2; pass++) x.LayerNorm(weight, bias).Sum().Backward();
        var normal = Compare.Doubles(x.LayerNorm());
        var expected = Enumerable.Range(0, 40).Select(column => 2 * Enumerable.Range(0, 3000).Sum(row => normal[(row * 40) + column]));
        Assert.That(Compare.Doubles(weight.Grad!.Value), Is.EqualTo(expected).Within(1e-9));
        Assert.That(Compare.Doubles(bias.Grad!.Value), Is.EqualTo(Enumerable.Repeat(6000.0, 40)));
    }

    [TestCase(DType.Float16, 2e-3)]
    [TestCase(DType.BFloat16, 2e-2)]
    public void Half_precision_computes_in_float32(DType dtype, double tolerance)
    {
        var wide = Compare.Convert(Compare.Convert(GradientCheck.Normal([4, 37], seed: 2), dtype), DType.Float64).WithGrad();
        var half = Compare.Convert(wide, dtype).WithGrad();
        var (expected, found) = (wide.LayerNorm(), half.LayerNorm());
        Compare.Near(found, expected, tolerance, "layer norm");
        expected.Backward(GradientCheck.Normal([4, 37], seed: 3));
        found.Backward(Compare.Convert(GradientCheck.Normal([4, 37], seed: 3), dtype));
        Compare.Near(half.Grad!.Value, wide.Grad!.Value, tolerance, "gradient");
    }

    [Test]
    public void Parameters_of_another_shape_are_refused() =>
        Assert.That(
            () => Tensor.Zeros([2, 3]).LayerNorm(Tensor.Zeros([2])),
            Throws.ArgumentException.With.Message.Contains("[2]").And.Message.Contains("[3]"));

    [Test]
    public void Steps_allocate_nothing() =>
        AllocationCheck.Of(x => x[0].LayerNorm(x[1], x[2]), Tensor.Zeros([2, 3, 4]), Tensor.Zeros([4]), Tensor.Zeros([4]));
}
