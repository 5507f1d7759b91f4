using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class RotaryTests
{
    private static readonly Tensor Positions = Tensor.From([0L, 2, 1, 3, 3, 0], [2, 3]);

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["rotary"])]
    public void Agrees_with_transformers(GoldenCase golden) => golden.CheckMany(() =>
    [
        golden["q"].Rotary(golden["cos"], golden["sin"], golden["position_ids"], golden.Int("unsqueeze_dim")),
        golden["k"].Rotary(golden["cos"], golden["sin"], golden["position_ids"], golden.Int("unsqueeze_dim")),
    ]);

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["rotary"])]
    public void Tables_agree_with_transformers(GoldenCase golden)
    {
        var scaling = golden.Text("kind") switch
        {
            "linear" => RotaryScaling.Linear,
            "dynamic" => RotaryScaling.Dynamic,
            _ => RotaryScaling.None,
        };
        var tables = new RotaryTables(
            golden.Int("dim"), golden.Int("max_position_embeddings"), golden.Double("base"), scaling, golden.Double("scaling_factor", 1));
        (Tensor Cos, Tensor Sin) found = default;
        var lengths = golden.Longs("seq_lens");
        if (lengths.Length == 1) lengths = [golden["cos"].Size(0)]; // cases that named none have the number of positions there
        foreach (var length in lengths) found = tables.For(length, golden.DType);
        Compare.Near(
            Tensor.From(tables.InverseFrequencies, [tables.InverseFrequencies.Length]), golden["inv_freq"], 2e-7,
            $"{golden}: inverse frequencies");

        // An angle of 40 radians is known to 2e-6 in float32.
        Compare.Near(found.Cos, golden["cos"], 5e-6, $"{golden}: cos");
        Compare.Near(found.Sin, golden["sin"], 5e-6, $"{golden}: sin");
    }

    [Test]
    public void Gradients_are_the_derivatives_for_any_tables([Values(1, 2)] int unsqueezeDim) => GradientCheck.Of(
        x => x[0].Rotary(GradientCheck.Normal([4, 6], seed: 3), GradientCheck.Normal([4, 6], seed: 4), Positions, unsqueezeDim),
        GradientCheck.Normal(unsqueezeDim == 1 ? [2, 2, 3, 6] : [2, 3, 2, 6], seed: 2));

    [Test]
    public void Positions_of_one_row_serve_the_whole_batch()
    {
        var x = GradientCheck.Normal([2, 2, 3, 6], seed: 2);
        Tensor cos = GradientCheck.Normal([4, 6], seed: 3), sin = GradientCheck.Normal([4, 6], seed: 4);
        var repeated = x.Rotary(cos, sin, Tensor.From([0L, 2, 1, 0, 2, 1], [2, 3]));
        Compare.Near(x.Rotary(cos, sin, Tensor.From([0, 2, 1], [1, 3])), repeated, 0, "positions [1, 3]");
    }

    [Test]
    public void Positions_beyond_the_tables_are_named() => Assert.That(
        () => Tensor.Zeros([2, 1, 3, 4]).Rotary(Tensor.Zeros([3, 4]), Tensor.Zeros([3, 4]), Positions),
        Throws.InstanceOf<ArgumentException>().With.Message.Contains("position 3 at [1, 0]").And.Message.Contains("3 rows"));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(
        x => x[0].Rotary(x[1].Detach(), x[2].Detach(), Positions), Tensor.Zeros([2, 2, 3, 6]), Tensor.Zeros([4, 6]), Tensor.Zeros([4, 6]));
}
