using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ScatterAddTests
{
    private static readonly Tensor Ids = Tensor.From([2L, 0, 0, 1, 1, 2, 2, 2], [2, 4]).Keep();

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["scatter_add"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].ScatterAdd(golden.Int("dim"), golden["index"], golden["src"]));

    // Also where src is larger than the index: what is not read gets no gradient.
    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].ScatterAdd(1, Ids, x[1].T), GradientCheck.Normal([2, 3], seed: 3), GradientCheck.Normal([5, 3], seed: 4));

    [TestCase(DType.Float32)]
    [TestCase(DType.Float16)]
    [TestCase(DType.BFloat16)]
    [TestCase(DType.Int64)]
    [TestCase(DType.Int32)]
    public void Numbers_of_every_kind_are_added(DType dtype)
    {
        var sums = Tensor.Ones([3], dtype).ScatterAdd(0, Tensor.From([1, 1, 2], [3]), Tensor.Arange(3, dtype));
        Assert.That(Compare.Doubles(sums), Is.EqualTo(new double[] { 1, 2, 3 }));
    }

    [Test]
    public void Sums_are_made_in_the_order_of_the_indices([Range(0, 1)] int dim)
    {
        var random = new Random(dim);
        Tensor x = GradientCheck.Normal([300, 200], 5), src = GradientCheck.Normal([300, 200], 6);
        var index = Tensor.From(Enumerable.Range(0, 300 * 200).Select(_ => (long)random.Next(7)).ToArray(), [300, 200]);
        double[] expected = Compare.Doubles(x), added = Compare.Doubles(src);
        for (var i = 0; i < added.Length; i++)
        {
            var id = (int)index.AsSpan<long>()[i];
            expected[dim == 0 ? (id * 200) + (i % 200) : (i / 200 * 200) + id] += added[i];
        }
        Assert.That(Compare.Doubles(x.ScatterAdd(dim, index, src)), Is.EqualTo(expected));
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        Tensor x = Tensor.Zeros([3, 2]), one = Tensor.Zeros([1, 1]);
        Assert.That(() => x.ScatterAdd(0, Tensor.From([3L], [1, 1]), one), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ScatterAdd: index 3"));
        Assert.That(() => x.ScatterAdd(0, Tensor.Zeros([2, 1], DType.Int64), one), Throws.ArgumentException.With.Message.Contains("src of shape [1, 1] is smaller"));
        Assert.That(() => x.ScatterAdd(0, Tensor.Zeros([1, 1], DType.Int64), Tensor.Zeros([1, 1], DType.Float64)), Throws.ArgumentException.With.Message.Contains("float64"));
        Assert.That(
            () => Tensor.Zeros([2], DType.Bool).ScatterAdd(0, Tensor.Zeros([1], DType.Int64), Tensor.Zeros([1], DType.Bool)),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("bool"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].ScatterAdd(1, Ids, x[1]), Tensor.Zeros([2, 3]), Tensor.Zeros([3, 5]));
}
