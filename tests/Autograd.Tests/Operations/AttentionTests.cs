using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class AttentionTests
{
    // Scores in the hundreds leave weights of nearly 0 and 1, and of their gradients what rounding leaves: torch errs by 8e-5.
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["attention"])]
    public void Agrees_with_transformers(GoldenCase golden) =>
        golden.CheckMany(float32: golden.Name == "large" ? 5e-4 : 1e-5, operation: () =>
    {
        var mask = golden.Has("keep") ? MaskOf(golden["keep"], golden.DType) : golden.Optional("mask");
        var (output, weights) = Tensor.Attention(
            golden["q"], golden["k"], golden["v"], mask, golden.Optional("bias"), golden.Bool("causal"), golden.OptionalDouble("scale"));
        return [output, weights];
    });

    [Test]
    public void Gradients_are_the_derivatives([Values(1, 2)] int keyHeads) => GradientCheck.Of(
        x => Tensor.Attention(x[0], x[1], x[2], mask: x[3], bias: x[4], isCausal: true).Output,
        GradientCheck.Normal([2, 2, 3, 4], seed: 2), GradientCheck.Normal([2, keyHeads, 5, 4], seed: 3),
        GradientCheck.Normal([2, keyHeads, 5, 3], seed: 4),
        GradientCheck.Normal([2, 1, 1, 5], seed: 5), GradientCheck.Normal([1, 2, 3, 5], seed: 6));

    [Test]
    public void Gradients_through_the_weights_are_the_derivatives() => GradientCheck.Of(
        x => Tensor.Attention(x[0], x[1], x[2]) is var (output, weights) ? output.Sum() + (weights * weights).Sum() : default,
        GradientCheck.Normal([1, 2, 3, 4], seed: 2), GradientCheck.Normal([1, 2, 5, 4], seed: 3),
        GradientCheck.Normal([1, 2, 5, 3], seed: 4));

    [Test]
    public void Gradients_with_dropout_are_those_of_the_weights_that_were_kept() => GradientCheck.Of(
        x =>
        {
            RandomState.ManualSeed(3);
            return Tensor.Attention(x[0], x[1], x[2], dropout: 0.4).Output;
        },
        GradientCheck.Normal([1, 2, 3, 4], seed: 2), GradientCheck.Normal([1, 2, 5, 4], seed: 3),
            GradientCheck.Normal([1, 2, 5, 3], seed: 4));

    [Test]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Tensor q = Tensor.Zeros([2, 3, 5, 4]), k = Tensor.Zeros([2, 2, 5, 4]);
        Assert.That(() => Tensor.Attention(q, k, k), Throws.ArgumentException.With.Message.Contains("3 heads are no multiple of 2"));
        Assert.That(() => Tensor.Attention(q, q, q, mask: Tensor.Zeros([4, 5])), Throws.ArgumentException.With.Message.Contains("[4, 5]"));
        Assert.That(
            () => Tensor.Attention(q, Tensor.Zeros([2, 3, 5, 3]), q), Throws.ArgumentException.With.Message.Contains("[2, 3, 5, 3]"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(
        x => Tensor.Attention(x[0], x[1], x[1], x[2], isCausal: true, dropout: 0.1).Output, Tensor.Zeros([2, 4, 3, 4]),
        Tensor.Zeros([2, 2, 5, 4]), Tensor.Zeros([3, 5]));

    // (1 - keep) times the lowest float32, as transformers' models make it.
    private static Tensor MaskOf(Tensor keep, DType dtype) => Compare.Convert(
        Tensor.From(keep.ToArray<long>().Select(kept => (1.0 - kept) * float.MinValue).ToArray(), [keep.Size(0), 1, 1, keep.Size(1)]),
        dtype);
}
