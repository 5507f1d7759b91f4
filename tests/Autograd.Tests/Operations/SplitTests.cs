using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class SplitTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["split"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.CheckMany(() =>
        (golden.Longs("size") is [var size] ? golden["x"].Split(size, golden.Int("dim")) : golden["x"].Split(golden.Longs("size"), golden.Int("dim"))).ToArray());

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["chunk"])]
    public void Chunk_agrees_with_torch(GoldenCase golden) => golden.CheckMany(() => golden["x"].Chunk(golden.Int("chunks"), golden.Int("dim")).ToArray());

    [Test]
    public void Gradients_are_the_derivatives_also_where_a_piece_is_not_used() => GradientCheck.Of(
        x =>
        {
            var (first, _, third) = x[0].Chunk(3, dim: 1);
            return first * third;
        },
        GradientCheck.Normal([2, 6], seed: 6));

    [Test]
    public void Pieces_are_views_to_be_counted_walked_and_joined_again()
    {
        var x = Tensor.From([1f, 2f, 3f, 4f, 5f], [5]);
        var pieces = x.Split(2);
        var sizes = new List<long>();
        foreach (var piece in pieces) sizes.Add(piece.Size(0));
        Assert.That(sizes, Is.EqualTo(new long[] { 2, 2, 1 }));
        Assert.That((pieces.Count, pieces[2].Item<float>(), pieces[0].Storage == x.Storage), Is.EqualTo((3, 5f, true)));
        Assert.That(Tensor.Concat(pieces).ToArray<float>(), Is.EqualTo(x.ToArray<float>()));
        Assert.That(() => { var (_, _) = pieces; }, Throws.InvalidOperationException.With.Message.Contains("3 tensors cannot be taken apart into 2"));
    }

    [Test]
    public void Nothing_is_split_into_empty_pieces()
    {
        var empty = Tensor.Zeros([2, 0]);
        Assert.That(empty.Chunk(3, dim: 1).Count, Is.EqualTo(3));
        Assert.That(empty.Split(0, dim: 1)[0].Shape, Is.EqualTo(new Shape(2, 0)));
        Assert.That(empty.Split(4, dim: 1).Count, Is.EqualTo(1));
    }

    [Test]
    public void A_list_of_an_ended_step_says_so()
    {
        using var pool = new TensorPool();
        TensorList pieces;
        using (pool.Enter()) pieces = Tensor.Zeros([4]).Split(2);
        Assert.That(() => pieces.Count, Throws.InstanceOf<ObjectDisposedException>());
        using (pool.Enter())
        {
            _ = Tensor.Zeros([6]).Split(2);
            Assert.That(() => pieces[0], Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Sizes_that_do_not_add_up_are_refused()
    {
        var x = Tensor.Zeros([5]);
        Assert.That(() => x.Split([2, 2]), Throws.ArgumentException.With.Message.Contains("Split: sizes [2, 2]"));
        Assert.That(() => x.Split([6, -1]), Throws.ArgumentException);
        Assert.That(() => x.Split(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.Chunk(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(
        x =>
        {
            var (query, key, value) = x[0].Split(3, dim: 1);
            return query * key * value;
        },
        Tensor.Zeros([2, 9]));
}
