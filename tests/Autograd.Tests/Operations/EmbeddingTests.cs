using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class EmbeddingTests
{
    private static readonly Tensor Ids = Tensor.From([4L, 0, 4, 2, 0, 4], [2, 3]).Keep();

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["embedding"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["weight"].Embedding(golden["ids"], golden.Has("padding_idx") ? golden.Int("padding_idx") : null));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(x => x[0].Embedding(Ids), GradientCheck.Normal([5, 3], seed: 2));

    [Test]
    public void A_wide_table_gets_every_column_of_its_gradient_also_the_second_time()
    {
        var weight = GradientCheck.Normal([5, 150], seed: 2).WithGrad();
        for (var pass = 0; pass < 2; pass++) weight.Embedding(Ids, paddingIdx: 2).Sum().Backward();
        var counts = new double[] { 4, 0, 0, 0, 6 };
        Assert.That(Compare.Doubles(weight.Grad!.Value), Is.EqualTo(counts.SelectMany(count => Enumerable.Repeat(count, 150))));
    }

    [Test]
    public void Ids_of_32_bits_and_any_layout_serve_as_well()
    {
        var ids = Tensor.From([4, 0, 4, 2, 0, 4], [3, 2]);
        ids = ids.WithLayout(ids.Layout.Transpose(0, 1));
        var rows = Tensor.From([0f, 1, 2, 3, 4], [5, 1]).Embedding(ids);
        Assert.That(rows.ToArray<float>(), Is.EqualTo(new float[] { 4, 4, 0, 0, 2, 4 }));
    }

    [Test]
    public void Ids_beyond_the_table_are_named()
    {
        Assert.That(
            () => Tensor.Zeros([3, 2]).Embedding(Tensor.From([0L, 3], [2])),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("id 3 at 1"));
        Assert.That(
            () => Tensor.Zeros([3, 2]).Embedding(Tensor.From([-1L], [1])),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("id -1 at 0"));
        Assert.That(() => Tensor.Zeros([3, 2]).Embedding(Tensor.Zeros([1])), Throws.ArgumentException.With.Message.Contains("int64"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Embedding(Ids), Tensor.Zeros([5, 3]));
}
