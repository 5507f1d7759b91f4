using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class OneHotTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["one_hot"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].OneHot(golden.Int("num_classes")));

    [Test]
    public void Numbers_of_32_bits_and_any_layout_serve_as_well() =>
        Assert.That(Tensor.From([0, 1, 2, 0], [2, 2]).T.OneHot(3).ToArray<long>(), Is.EqualTo(new long[] { 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0 }));

    [Test]
    public void Of_nothing_classes_cannot_be_counted()
    {
        var nothing = Tensor.Zeros([0], DType.Int64);
        Assert.That(nothing.OneHot(3).Shape, Is.EqualTo(new Shape(0, 3)));
        Assert.That(() => nothing.OneHot(), Throws.ArgumentException.With.Message.Contains("how many classes"));
        Assert.That(() => nothing.OneHot(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Tensor.Zeros([1]).OneHot(3), Throws.ArgumentException.With.Message.Contains("int64"));
        Assert.That(() => Tensor.From([-2L, -1], [2]).OneHot(), Throws.InstanceOf<ArgumentException>().With.Message.Contains("-2"));
    }

    [Test]
    public void Steps_allocate_nothing()
    {
        var ids = Tensor.From([0, 2], [2]);
        AllocationCheck.Of(_ => ids.OneHot(3));
    }
}
