using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ClipGradNormTests
{
    // Norms are added up in float64, so gradients whose squares overflow float32 are clipped like any others.
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["clip_grad_norm"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.CheckMany(() =>
    {
        var gradients = golden.Inputs("g");
        var norm = Tensor.ClipGradNorm(
            gradients, golden.Double("max_norm"), golden.Double("norm_type", 2), golden.Bool("error_if_nonfinite"));
        return [norm, .. gradients];
    });

    [Test]
    public void Any_layout_and_several_dtypes_are_one_vector()
    {
        var x = Tensor.From([3f, 0, 0, 4], [2, 2]);
        var y = Tensor.From([12.0], [1]);
        var norm = Tensor.ClipGradNorm([x.WithLayout(x.Layout.Transpose(0, 1)), y], maxNorm: 6.5);
        Assert.That(norm.Item<float>(), Is.EqualTo(13f));
        Assert.That(x.ToArray<float>(), Is.EqualTo(new[] { 1.5f, 0, 0, 2 }).Within(1e-6f));
        Assert.That(y.Item<double>(), Is.EqualTo(6).Within(1e-6));
    }

    [Test]
    public void The_norm_of_many_numbers_is_exact_in_float32()
    {
        var x = Tensor.From(Enumerable.Repeat(0.1f, 1_000_003).ToArray(), [1_000_003]);
        Assert.That(Tensor.ClipGradNorm([x], 1e9).Item<float>(), Is.EqualTo(0.1f * Math.Sqrt(1_000_003)).Within(1e-5));
    }

    [Test]
    public void Nothing_has_norm_0() => Assert.That(Tensor.ClipGradNorm([], 1).Item<float>(), Is.Zero);
}
