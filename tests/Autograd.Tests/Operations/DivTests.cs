using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>left / right.</summary>
public sealed class DivTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["div"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].Div(golden["y"], Rounding(golden.Text("rounding_mode"))));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0] / x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3, scale: 0.2, shift: 2));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => x[0] / x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3, scale: 0.2, shift: 2));

    [Test]
    public void Numbers_on_either_side() =>
        GradientCheck.Of(x => 2.5 / (x[0] / -1.5), GradientCheck.Normal([3, 5], 2, scale: 0.3, shift: 2));

    [Test]
    public void Numbers_allocate_nothing() =>
        AllocationCheck.Of(x => 2.5 / (x[0] / -1.5), GradientCheck.Normal([3, 5], 2, scale: 0.3, shift: 2));

    [Test]
    public void Whole_numbers_are_rounded()
    {
        var x = Tensor.From([7L, -7L], [2]);
        Assert.That(x.Div(2, DivRounding.Floor).ToArray<long>(), Is.EqualTo(new long[] { 3, -4 }));
        Assert.That(x.Div(2, DivRounding.Trunc).ToArray<long>(), Is.EqualTo(new long[] { 3, -3 }));
        Assert.That(() => x / 2, Throws.ArgumentException.With.Message.Contains("int64"));
        Assert.That(() => x.Div(0, DivRounding.Floor), Throws.ArgumentException);
    }

    [Test]
    public void Floor_is_exact_where_the_quotient_rounds_up()
    {
        // 1 / 0.1f is 9.99999985, which float32 rounds to 10.
        var x = Tensor.From([1f], [1]);
        Assert.That(x.Div(Tensor.From([0.1f], [1]), DivRounding.Floor).ToArray<float>(), Is.EqualTo(new[] { 9f }));
    }

    private static DivRounding Rounding(string? mode) => mode switch
    {
        null => DivRounding.None,
        "trunc" => DivRounding.Trunc,
        _ => DivRounding.Floor,
    };
}
