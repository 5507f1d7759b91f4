using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class RepeatTests
{
    private static readonly Tensor Pair = Tensor.From([1f, 2f], [2]).Keep();

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["repeat"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Repeat(golden.Longs("counts")));

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["tile"])]
    public void Tile_agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Tile(golden.Longs("counts")));

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["repeat_interleave"])]
    public void RepeatInterleave_agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].RepeatInterleave(golden.Int("repeats"), golden.Int("dim")));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].Transpose(0, 1).Repeat(2, 3, 1, 2) * x[0].Transpose(0, 1).Tile(3, 1, 2).RepeatInterleave(2, dim: 0).Reshape(2, 9, 2, 4),
        GradientCheck.Normal([2, 3, 2], seed: 9));

    [Test]
    public void Without_an_axis_the_elements_stand_in_a_row() =>
        Assert.That(Tensor.Stack([Pair, Pair]).RepeatInterleave(2).ToArray<float>(), Is.EqualTo(new float[] { 1, 1, 2, 2, 1, 1, 2, 2 }));

    [Test]
    public void Counts_of_1_make_a_copy()
    {
        var copy = Pair.Repeat(1);
        Assert.That(copy.Storage, Is.Not.SameAs(Pair.Storage));
        Assert.That(copy.ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void Tensors_of_eight_axes_can_be_repeated() =>
        Assert.That(Pair.Reshape(1, 1, 1, 1, 1, 1, 1, 2).Repeat(2, 1, 1, 1, 1, 1, 1, 2).ToArray<float>(), Is.EqualTo(new float[] { 1, 2, 1, 2, 1, 2, 1, 2 }));

    [Test]
    public void Counts_must_fit()
    {
        Assert.That(() => Tensor.Zeros([2, 3]).Repeat(2), Throws.ArgumentException.With.Message.Contains("only 1 counts"));
        Assert.That(() => Pair.Repeat(-1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Repeat"));
        Assert.That(() => Pair.RepeatInterleave(-1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("RepeatInterleave"));
        Assert.That(() => Pair.Repeat(1, 1, 1, 1, 1, 1, 1, 1, 1), Throws.ArgumentException.With.Message.Contains("at most 8"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Repeat(2, 1, 3).RepeatInterleave(2, dim: 1), Tensor.Zeros([2, 3]));
}
