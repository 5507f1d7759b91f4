using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class FullTests
{
    [TestCase(DType.Float32, -2.5)]
    [TestCase(DType.Float64, -2.5)]
    [TestCase(DType.Float16, -2.5)]
    [TestCase(DType.BFloat16, -2.5)]
    [TestCase(DType.Int64, -100)]
    [TestCase(DType.Int8, -100)]
    [TestCase(DType.Bool, 1)]
    public void Every_element_has_the_value(DType dtype, double value)
    {
        var full = Tensor.Full([2, 3], value, dtype);
        Assert.That((full.Shape, full.DType), Is.EqualTo((new Shape(2, 3), dtype)));
        Assert.That(Compare.Doubles(full), Is.All.EqualTo(value));
        Assert.That(Compare.Doubles(Tensor.Ones([4], dtype)), Is.All.EqualTo(1));
    }

    [Test]
    public void The_unit_matrix_may_be_wide_or_tall()
    {
        Assert.That(Tensor.Eye(2).ToArray<float>(), Is.EqualTo(new float[] { 1, 0, 0, 1 }));
        Assert.That(Tensor.Eye(2, 3, DType.Int64).ToArray<long>(), Is.EqualTo(new long[] { 1, 0, 0, 0, 1, 0 }));
        Assert.That(Tensor.Eye(3, 2).ToArray<float>(), Is.EqualTo(new float[] { 1, 0, 0, 1, 0, 0 }));
        Assert.That(Tensor.Eye(0).Shape, Is.EqualTo(new Shape(0, 0)));
    }
}
