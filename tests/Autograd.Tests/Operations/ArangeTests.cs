using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ArangeTests
{
    [Test]
    public void Whole_numbers_run_up_and_down()
    {
        Assert.That(Tensor.Arange(4).ToArray<long>(), Is.EqualTo(new long[] { 0, 1, 2, 3 }));
        Assert.That(Tensor.Arange(2, 9, 3).ToArray<long>(), Is.EqualTo(new long[] { 2, 5, 8 }));
        Assert.That(Tensor.Arange(3, -2, -2).ToArray<long>(), Is.EqualTo(new long[] { 3, 1, -1 }));
        Assert.That(Tensor.Arange(0).Shape, Is.EqualTo(new Shape(0)));
        Assert.That(Tensor.Arange(5, dtype: DType.Int32).ToArray<int>(), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(Tensor.Arange(3, dtype: DType.Float32).ToArray<float>(), Is.EqualTo(new float[] { 0, 1, 2 }));
    }

    [Test]
    public void Long_ranges_are_whole()
    {
        Assert.That(Tensor.Arange(-3, 1000).ToArray<long>(), Is.EqualTo(Enumerable.Range(-3, 1003).Select(i => (long)i)));
        Assert.That(Tensor.Arange(0.0, 300.0, 0.5).ToArray<float>(), Is.EqualTo(Enumerable.Range(0, 600).Select(i => i / 2f)));
    }

    // torch.arange(0, 1, 0.1) and torch.arange(1.0, -1.0, -0.75), which multiply and do not add up.
    [Test]
    public void Fractions_do_not_drift()
    {
        Assert.That(Tensor.Arange(0.0, 1.0, 0.1).ToArray<float>(), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (float)(i * 0.1))));
        Assert.That(Tensor.Arange(1.0, -1.0, -0.75, DType.Float64).ToArray<double>(), Is.EqualTo(new[] { 1, 0.25, -0.5 }));
        Assert.That(Compare.Doubles(Tensor.Arange(0.0, 3.0, dtype: DType.BFloat16)), Is.EqualTo(new double[] { 0, 1, 2 }));
    }

    [Test]
    public void Ends_that_are_never_reached_are_refused()
    {
        Assert.That(() => Tensor.Arange(0, 5, -1), Throws.ArgumentException.With.Message.Contains("5 is not reached from 0 by steps of -1"));
        Assert.That(() => Tensor.Arange(0, 5, 0), Throws.ArgumentException);
        Assert.That(() => Tensor.Arange(0.0, 5.0, 0.0), Throws.ArgumentException);
        Assert.That(() => Tensor.Arange(0.0, double.NaN), Throws.ArgumentException);
    }
}
