using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class PadTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["pad"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Pad(golden.Longs("widths"), golden.Double("value")));

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].T.Pad([2, -1, -1, 3], 5).T.Pad([1, 0]), GradientCheck.Normal([3, 4], seed: 10));

    [Test]
    public void Every_margin_is_filled_once_all_around()
    {
        var padded = Tensor.From([1f, 2f], [1, 2, 1]).Pad([1, 2, 1, 1, 2, 0], 7);
        Assert.That(padded.Shape, Is.EqualTo(new Shape(3, 4, 4)));
        var values = padded.ToArray<float>();
        Assert.That((values[(2 * 16) + 4 + 1], values[(2 * 16) + 8 + 1]), Is.EqualTo((1f, 2f)));
        Assert.That(values.Count(value => value == 7), Is.EqualTo(46));
    }

    [Test]
    public void A_cut_longer_than_the_axis_takes_from_the_margin_on_the_other_side()
    {
        var x = Tensor.From([1f, 2f, 3f], [3]);
        Assert.That(x.Pad([4, -5], 9).ToArray<float>(), Is.EqualTo(new float[] { 9, 9 }));
        Assert.That(x.Pad([-5, 4], 9).ToArray<float>(), Is.EqualTo(new float[] { 9, 9 }));
    }

    [Test]
    public void Widths_must_fit()
    {
        var x = Tensor.Zeros([3]);
        Assert.That(() => x.Pad([1]), Throws.ArgumentException.With.Message.Contains("pairs"));
        Assert.That(() => x.Pad([1, 1, 1, 1]), Throws.ArgumentException.With.Message.Contains("1 axes"));
        Assert.That(() => x.Pad([-2, -2]), Throws.ArgumentException.With.Message.Contains("below 0"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Pad([1, 2, -1, 1], 3), Tensor.Zeros([3, 4]));
}
