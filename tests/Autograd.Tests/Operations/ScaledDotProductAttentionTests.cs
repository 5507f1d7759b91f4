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
    public void Gradients_of_masks_are_the_derivatives([Values("2 1 1 5", "1 2 3 1", "3 5")] string mask) => GradientCheck.Of(
        x => Tensor.ScaledDotProductAttention(x[0], x[1], x[2], x[3]),
        GradientCheck.Normal([2, 2, 3, 4], seed: 2), GradientCheck.Normal([2, 2, 5, 4], seed: 3),
        GradientCheck.Normal([2, 2, 5, 4], seed: 4),
        GradientCheck.Normal(new Shape(mask.Split(' ').Select(long.Parse).ToArray()), seed: 5));

    [Test]
    public void Gradients_with_dropout_are_those_of_the_weights_that_were_kept() => GradientCheck.Of(
        x =>
        {
            RandomState.ManualSeed(3);
            return Tensor.ScaledDotProductAttention(x[0], x[1], x[2], isCausal: true, dropout: 0.4);
        },
        GradientCheck.Normal([1, 2, 5, 4], seed: 2), GradientCheck.Normal([1, 2, 5, 4], seed: 3),
        GradientCheck.Normal([1, 2, 5, 4], seed: 4));

    // Longer than any tile, in the layout of a projection's heads; the other way to compute it is the eager one.
    [Test]
    public void Long_sequences_agree_with_eager_attention([Values(1, 70, 300)] int queries, [Values] bool causal)
    {
        Tensor[] found = Inputs(), expected = Inputs();
        var mask = Compare.Convert(GradientCheck.Normal([2, 1, 1, 300], seed: 5), DType.Float32);
        var gradient = Compare.Convert(GradientCheck.Normal([2, 4, queries, 24], seed: 6), DType.Float32);
        var output = Tensor.ScaledDotProductAttention(
            found[0].Permute(0, 2, 1, 3), found[1].Permute(0, 2, 1, 3), found[2].Permute(0, 2, 1, 3), mask, causal, enableGqa: true,
            alignment: CausalAlignment.End);
        var eager = Tensor.Attention(
            expected[0].Permute(0, 2, 1, 3), expected[1].Permute(0, 2, 1, 3), expected[2].Permute(0, 2, 1, 3), mask,
            isCausal: causal).Output;
        output.Backward(gradient);
        eager.Backward(gradient);
        Compare.Near(output, eager, 1e-6, "output");
        for (var i = 0; i < 3; i++) Compare.Near(found[i].Grad!.Value, expected[i].Grad!.Value, 2e-6, $"gradient of input {i}");

        Tensor[] Inputs() =>
        [
            Compare.Convert(GradientCheck.Normal([2, queries, 4, 24], seed: 2), DType.Float32).WithGrad(),
            Compare.Convert(GradientCheck.Normal([2, 300, 2, 24], seed: 3), DType.Float32).WithGrad(),
            Compare.Convert(GradientCheck.Normal([2, 300, 2, 24], seed: 4), DType.Float32).WithGrad(),
        ];
    }

    [TestCase(DType.Float16, 2e-3)]
    [TestCase(DType.BFloat16, 2e-2)]
    public void Half_precision_computes_in_float32(DType dtype, double tolerance)
    {
        int[] seeds = [2, 3, 4];
        var halves = seeds.Select(seed => Compare.Convert(GradientCheck.Normal([1, 2, 5, 8], seed), dtype).WithGrad()).ToArray();
        var wide = halves.Select(half => Compare.Convert(half, DType.Float64).WithGrad()).ToArray();
        var found = Tensor.ScaledDotProductAttention(halves[0], halves[1], halves[2], isCausal: true);
        var expected = Tensor.ScaledDotProductAttention(wide[0], wide[1], wide[2], isCausal: true);
        Compare.Near(found, expected, tolerance, "output");
        found.Sum().Backward();
        expected.Sum().Backward();
        for (var i = 0; i < 3; i++) Compare.Near(halves[i].Grad!.Value, wide[i].Grad!.Value, 3 * tolerance, $"gradient of input {i}");
    }

    [TestCase(0, 5)]
    [TestCase(3, 0)]
    public void Without_queries_or_keys_all_is_zero(int queries, int keys)
    {
        var q = GradientCheck.Normal([2, 2, queries, 4], seed: 2).WithGrad();
        var k = GradientCheck.Normal([2, 2, keys, 4], seed: 3).WithGrad();
        var output = Tensor.ScaledDotProductAttention(q, k, k);
        output.Sum().Backward();
        Assert.That(Compare.Doubles(output), Is.All.Zero);
        Assert.That(Compare.Doubles(q.Grad!.Value), Is.All.Zero);
        Assert.That(Compare.Doubles(k.Grad!.Value), Is.All.Zero);
    }

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
