using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class TrilTriuTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["tril_triu"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() =>
        golden.Text("which") == "tril" ? golden["x"].Tril(golden.Int("diagonal")) : golden["x"].Triu(golden.Int("diagonal")));

    [Test]
    public void Gradients_are_the_derivatives() =>
        GradientCheck.Of(x => x[0].Transpose(0, 2).Tril(-1) * x[0].Transpose(0, 2).Triu(-2), GradientCheck.Normal([3, 2, 4], seed: 3));

    [Test]
    public void The_triangles_of_every_dtype()
    {
        Assert.That(Tensor.Ones([2, 3], DType.Bool).Tril().ToArray<bool>(), Is.EqualTo(new[] { true, false, false, true, true, false }));
        Assert.That(Tensor.Ones([2, 3], DType.Int64).Triu(1).ToArray<long>(), Is.EqualTo(new long[] { 0, 1, 1, 0, 0, 1 }));
        Assert.That(Tensor.Ones([2, 2]).Tril(-5).ToArray<float>(), Is.All.Zero);
        Assert.That(Tensor.Ones([2, 2]).Triu(-5).ToArray<float>(), Is.All.EqualTo(1));
        Assert.That(Tensor.Ones([0, 3]).Tril().Shape, Is.EqualTo(new Shape(0, 3)));
        Assert.That(() => Tensor.Ones([3]).Triu(), Throws.ArgumentException.With.Message.Contains("Triu: needs at least 2 axes"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Tril().Triu(-1), Tensor.Zeros([2, 3, 4]));
}
