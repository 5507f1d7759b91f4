using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>One tensor where a condition holds, another elsewhere.</summary>
public sealed class WhereTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["where"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => Tensor.Where(golden["condition"], golden["x"], golden["y"]));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => Tensor.Where(Flags, x[0], x[1]), GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => Tensor.Where(x[2], x[0], x[1]), GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3), Flags);

    [Test]
    public void The_condition_is_bool() =>
        Assert.That(() => Tensor.Where(Tensor.From([1f], [1]), Tensor.From([1f], [1]), Tensor.From([2f], [1])),
            Throws.ArgumentException.With.Message.Contains("condition"));

    private static Tensor Flags => Tensor.From([true, false, true, false, true], [5]);
}
