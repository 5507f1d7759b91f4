using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class MatMulTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["matmul"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].MatMul(golden["y"]));

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].MatMul(x[1]), GradientCheck.Normal([2, 1, 3, 5], seed: 2), GradientCheck.Normal([4, 5, 2], seed: 3));

    [Test]
    public void A_second_backward_adds_to_the_buffer_of_a_leaf()
    {
        var x = GradientCheck.Normal([2, 3, 4], seed: 2).WithGrad();
        var y = GradientCheck.Normal([4, 5], seed: 3).WithGrad();
        x.MatMul(y).Sum().Backward();
        var (once, alsoOnce) = (Compare.Doubles(x.Grad!.Value), Compare.Doubles(y.Grad!.Value));
        x.MatMul(y).Sum().Backward();
        Assert.That(Compare.Doubles(x.Grad!.Value), Is.EqualTo(once.Select(value => 2 * value)).Within(1e-12));
        Assert.That(Compare.Doubles(y.Grad!.Value), Is.EqualTo(alsoOnce.Select(value => 2 * value)).Within(1e-12));
    }

    [TestCase(DType.Float16, 2e-3)]
    [TestCase(DType.BFloat16, 2e-2)]
    public void Half_precision_computes_in_float32(DType dtype, double tolerance)
    {
        var x = Compare.Convert(GradientCheck.Normal([2, 7, 60], seed: 2), dtype).WithGrad();
        var y = Compare.Convert(GradientCheck.Normal([2, 60, 9], seed: 3), dtype).WithGrad();
        Tensor wideX = Compare.Convert(x, DType.Float64).WithGrad(), wideY = Compare.Convert(y, DType.Float64).WithGrad();
        var (found, expected) = (x.MatMul(y), wideX.MatMul(wideY));
        Compare.Near(found, expected, tolerance, "product");
        for (var pass = 0; pass < 2; pass++)
        {
            x.MatMul(y).Sum().Backward();
            wideX.MatMul(wideY).Sum().Backward();
        }
        Compare.Near(x.Grad!.Value, wideX.Grad!.Value, tolerance, "gradient of the left");
        Compare.Near(y.Grad!.Value, wideY.Grad!.Value, tolerance, "gradient of the right");
    }

    [TestCase(4, 5, "inner sizes")]
    [TestCase(0, 5, "vectors or more")]
    public void Operands_that_do_not_fit_are_refused(int left, int right, string message)
    {
        var x = left == 0 ? Tensor.Scalar(1f) : Tensor.Zeros([3, left]);
        Assert.That(() => x.MatMul(Tensor.Zeros([right, 2])), Throws.ArgumentException.With.Message.Contains(message));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].MatMul(x[1]), Tensor.Zeros([2, 1, 3, 4]), Tensor.Zeros([5, 4, 2]));
}
