using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class ScaledDotProductAttentionTests
{
    // Torch's fused backward takes e^(score - logsumexp) for a weight. Where all of a row's scores are -3e38 that is 1 and not 1/5: its
    // gradients are five times those of its own unfused path there, and of transformers' attention; the next test checks these.
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["sdpa"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(
        () => Tensor.ScaledDotProductAttention(
            golden["q"], golden["k"], golden["v"], golden.Optional("attn_mask"), golden.Bool("is_causal"), golden.OptionalDouble("scale"),
            golden.Bool("enable_gqa")),
        gradients: golden.Name != "lowest_row");

    [Test]
    public void Rows_of_lowest_scores_have_the_gradients_of_eager_attention()
    {
        var mask = Tensor.From([double.MinValue, double.MinValue, double.MinValue, 0, -1, float.MinValue], [2, 3]);
        var gradient = GradientCheck.Normal([1, 2, 2, 4], seed: 5);
        Tensor[] found = Inputs(), expected = Inputs();
        Tensor.ScaledDotProductAttention(found[0], found[1], found[2], mask).Backward(gradient);
        Tensor.Attention(expected[0], expected[1], expected[2], mask).Output.Backward(gradient);
        for (var i = 0; i < 3; i++) Compare.Near(found[i].Grad!.Value, expected[i].Grad!.Value, 1e-12, $"gradient of input {i}");

        static Tensor[] Inputs() =>
        [
            GradientCheck.Normal([1, 2, 2, 4], seed: 2).WithGrad(), GradientCheck.Normal([1, 2, 3, 4], seed: 3).WithGrad(),
            GradientCheck.Normal([1, 2, 3, 4], seed: 4).WithGrad(),
        ];
    }

    [Test]
    public void Gradients_are_the_derivatives([Values] CausalAlignment alignment, [Values(3, 6)] int queries) => GradientCheck.Of(
        x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], isCausal: true, enableGqa: true, alignment: alignment),
        GradientCheck.Normal([2, 4, queries, 4], seed: 2), GradientCheck.Normal([2, 2, 5, 4], seed: 3),
        GradientCheck.Normal([2, 2, 5, 3], seed: 4));

    [Test]
    public void Aligned_to_the_end_it_is_the_last_rows_of_the_square_case()
    {
        var q = GradientCheck.Normal([1, 2, 8, 4], seed: 2);
        Tensor k = GradientCheck.Normal([1, 2, 8, 4], seed: 3), v = GradientCheck.Normal([1, 2, 8, 4], seed: 4);
        var whole = Tensor.ScaledDotProductAttention(q, k, v, isCausal: true);
        var last = Tensor.ScaledDotProductAttention(q.Slice(2, 5, 8), k, v, isCausal: true, alignment: CausalAlignment.End);
        Compare.Near(last, whole.Slice(2, 5, 8), 1e-13, "last three queries");
    }

    [Test]
    public void Heads_share_keys_only_on_demand() => Assert.That(
        () => Tensor.ScaledDotProductAttention(Tensor.Zeros([1, 4, 3, 2]), Tensor.Zeros([1, 2, 3, 2]), Tensor.Zeros([1, 2, 3, 2])),
        Throws.ArgumentException.With.Message.Contains("enableGqa"));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(
        x => Tensor.ScaledDotProductAttention(x[0], x[1], x[1], isCausal: true, enableGqa: true), Tensor.Zeros([2, 4, 3, 4]),
        Tensor.Zeros([2, 2, 5, 4]));
}
