using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class SortTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["sort"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.CheckMany(() =>
    {
        var (values, indices) = golden["x"].Sort(golden.Int("dim", -1), golden.Bool("descending"));
        return [values, indices];
    });

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].Transpose(0, 1).Sort(dim: 0, descending: true).Values, GradientCheck.Normal([3, 5], seed: 3));

    [TestCase(DType.Float32)]
    [TestCase(DType.Float64)]
    [TestCase(DType.Float16)]
    [TestCase(DType.BFloat16)]
    [TestCase(DType.Int64)]
    [TestCase(DType.Int32)]
    [TestCase(DType.Int16)]
    [TestCase(DType.Int8)]
    public void Every_dtype_has_its_order(DType dtype)
    {
        var x = Tensor.Empty([6], dtype).CopyFrom(Tensor.From([3f, -120f, 0f, 100f, -3f, 3f], [6]));
        var (values, indices) = x.Sort();
        Assert.That(Compare.Doubles(values), Is.EqualTo(new double[] { -120, -3, 0, 3, 3, 100 }));
        Assert.That(indices.ToArray<long>(), Is.EqualTo(new long[] { 1, 4, 2, 0, 5, 3 }));
        Assert.That(x.Sort(descending: true).Indices.ToArray<long>(), Is.EqualTo(new long[] { 3, 0, 5, 2, 4, 1 }));
    }

    [Test]
    public void Bytes_and_truth_values_are_sorted_too()
    {
        Assert.That(Tensor.From(new byte[] { 200, 3, 100 }, [3]).Sort().Values.ToArray<byte>(), Is.EqualTo(new byte[] { 3, 100, 200 }));
        Assert.That(Tensor.From([true, false, true], [3]).Sort().Indices.ToArray<long>(), Is.EqualTo(new long[] { 1, 0, 2 }));
        Assert.That(Tensor.From([long.MinValue, long.MaxValue, -1], [3]).Sort().Indices.ToArray<long>(), Is.EqualTo(new long[] { 0, 2, 1 }));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Sort(dim: 0).Values, Tensor.Zeros([30, 4]));
}
