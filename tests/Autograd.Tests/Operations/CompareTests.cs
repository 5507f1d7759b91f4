using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Comparisons and logic.</summary>
public sealed class CompareTests
{
    private static readonly double[] _values = [-2, -0.0, 0, 1, 1.5, double.PositiveInfinity, double.NaN];

    [Test]
    public void Comparisons_are_those_of_numbers([Values(DType.Float32, DType.Float64, DType.BFloat16)] DType dtype)
    {
        var column = Compare.Convert(Tensor.From(_values, [_values.Length, 1]), dtype);
        var row = Compare.Convert(Tensor.From(_values, [_values.Length]), dtype);
        Expect(column.Equal(row), (a, b) => a == b);
        Expect(column.NotEqual(row), (a, b) => a != b);
        Expect(column.Less(row), (a, b) => a < b);
        Expect(column.LessEqual(row), (a, b) => a <= b);
        Expect(column.Greater(row), (a, b) => a > b);
        Expect(column.GreaterEqual(row), (a, b) => a >= b);
        Expect(column.LogicalAnd(row), (a, b) => a != 0 && b != 0);
        Expect(column.LogicalOr(row), (a, b) => a != 0 || b != 0);
    }

    [Test]
    public void Against_one_number([Values(0, 1, 0.5)] double value, [Values(DType.Float32, DType.Int64)] DType dtype)
    {
        double[] values = [-1, 0, 1, 2];
        var x = Tensor.From(values, [4]).To(dtype);
        Assert.That(x.Equal(value).ToArray<bool>(), Is.EqualTo(values.Select(item => item == value)));
        Assert.That(x.NotEqual(value).ToArray<bool>(), Is.EqualTo(values.Select(item => item != value)));
        Assert.That(x.Less(value).ToArray<bool>(), Is.EqualTo(values.Select(item => item < value)));
        Assert.That(x.LessEqual(value).ToArray<bool>(), Is.EqualTo(values.Select(item => item <= value)));
        Assert.That(x.Greater(value).ToArray<bool>(), Is.EqualTo(values.Select(item => item > value)));
        Assert.That(x.GreaterEqual(value).ToArray<bool>(), Is.EqualTo(values.Select(item => item >= value)));
        Assert.That(x.LogicalNot().ToArray<bool>(), Is.EqualTo(values.Select(item => item == 0)));
    }

    [Test]
    public void Dtypes_must_be_the_same() =>
        Assert.That(() => Tensor.From([1f], [1]).Less(Tensor.From([1L], [1])), Throws.ArgumentException.With.Message.Contains("Less"));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(
        x => x[0].Less(x[1]).LogicalAnd(x[0].Equal(1).LogicalNot()), GradientCheck.Normal([3, 5], 2), GradientCheck.Normal([5], 3));

    private static void Expect(Tensor actual, Func<double, double, bool> holds) =>
        Assert.That(actual.ToArray<bool>(), Is.EqualTo(from a in _values from b in _values select holds(a, b)));
}
