using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The places of the largest elements.</summary>
public sealed class ArgmaxTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["argmax"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].Argmax(golden.Has("dim") ? golden.Int("dim") : null, golden.Bool("keepdim")));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Argmax(1), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Argmin_mirrors_it([Values(null, 0, 1, -1)] int? dim)
    {
        var x = GradientCheck.Normal([5, 7], 3).WithLayout(Layout.Contiguous([5, 7]).Transpose(0, 1));
        Assert.That(x.Argmin(dim).ToArray<long>(), Is.EqualTo((-x).Argmax(dim).ToArray<long>()));
    }

    [Test]
    public void Over_all_the_place_counts_in_row_major_order()
    {
        var x = Tensor.From([1f, 2f, 9f, 4f, 5f, 6f], [2, 3]).WithLayout(Layout.Contiguous([2, 3]).Transpose(0, 1));
        Assert.That(x.Argmax().Item<long>(), Is.EqualTo(4));
        Assert.That(x.Argmax(keepDim: true).Shape.ToString(), Is.EqualTo("[1, 1]"));
    }
}
