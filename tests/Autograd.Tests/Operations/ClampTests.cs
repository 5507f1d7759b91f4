using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Kept between two bounds.</summary>
public sealed class ClampTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["clamp"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].Clamp(golden.OptionalDouble("min"), golden.OptionalDouble("max")));

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Clamp(-0.5, 0.7), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Clamp(-0.5, 0.7), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Whole_numbers_are_kept_between_whole_bounds()
    {
        var x = Tensor.From([-5L, 0L, 5L], [3]);
        Assert.That(x.Clamp(-1, 3).ToArray<long>(), Is.EqualTo(new long[] { -1, 0, 3 }));
        Assert.That(() => x.Clamp(0.5), Throws.ArgumentException.With.Message.Contains("0.5").And.Message.Contains("int64"));
        Assert.That(() => x.Clamp(), Throws.ArgumentException);
    }
}
