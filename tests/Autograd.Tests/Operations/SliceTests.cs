using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class SliceTests
{
    private static readonly Tensor Five = Tensor.From([0L, 1, 2, 3, 4], [5]).Keep();

    // Python: list(range(5))[start:stop:step]
    [TestCase(null, null, 1, new long[] { 0, 1, 2, 3, 4 })]
    [TestCase(1, 4, 1, new long[] { 1, 2, 3 })]
    [TestCase(1, null, 2, new long[] { 1, 3 })]
    [TestCase(null, null, 9, new long[] { 0 })]
    [TestCase(-3, -1, 1, new long[] { 2, 3 })]
    [TestCase(-99, 2, 1, new long[] { 0, 1 })]
    [TestCase(3, 99, 1, new long[] { 3, 4 })]
    [TestCase(3, 3, 1, new long[0])]
    [TestCase(4, 1, 1, new long[0])]
    [TestCase(7, 9, 1, new long[0])]
    [TestCase(0, -99, 1, new long[0])]
    public void Bounds_are_Pythons(int? start, int? stop, int step, long[] expected) =>
        Assert.That(Five.Slice(0, start, stop, step).ToArray<long>(), Is.EqualTo(expected));

    [Test]
    public void Ranges_count_from_either_end_and_are_cut()
    {
        Assert.That(Five.Slice(0, 1..^1).ToArray<long>(), Is.EqualTo(new long[] { 1, 2, 3 }));
        Assert.That(Five.Slice(0, ..).ToArray<long>(), Is.EqualTo(new long[] { 0, 1, 2, 3, 4 }));
        Assert.That(Five.Slice(0, ^2..).ToArray<long>(), Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(Five.Slice(-1, ..^7).ToArray<long>(), Is.Empty);
        Assert.That(Five.Slice(0, ^7..2).ToArray<long>(), Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public void Narrow_wants_all_of_its_places()
    {
        Assert.That(Five.Narrow(0, 1, 3).ToArray<long>(), Is.EqualTo(new long[] { 1, 2, 3 }));
        Assert.That(Five.Narrow(0, -2, 2).ToArray<long>(), Is.EqualTo(new long[] { 3, 4 }));
        Assert.That(Five.Narrow(0, 5, 0).ToArray<long>(), Is.Empty);
        Assert.That(() => Five.Narrow(0, 3, 3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Narrow").And.Message.Contains("[5]"));
        Assert.That(() => Five.Narrow(0, -6, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Select_drops_the_axis()
    {
        var x = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        Assert.That(x.Select(1, -1).ToArray<float>(), Is.EqualTo(new float[] { 3, 6 }));
        Assert.That(x.Select(0, 1).Select(0, 0).Item<float>(), Is.EqualTo(4));
        Assert.That(() => x.Select(1, 3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("-3 to 2"));
        Assert.That(() => x.Select(1, -4), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_are_positive() => Assert.That(() => Five.Slice(0, step: 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Slice"));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].Slice(1, 1..^1) * x[0].Transpose(0, 1).Slice(0, step: 2).Narrow(1, 1, 2).Transpose(0, 1).Select(0, -1),
        GradientCheck.Normal([3, 4], seed: 5));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Slice(1, 1..^1).Narrow(0, 1, 2).Select(0, -1), Tensor.Zeros([3, 4]));
}
