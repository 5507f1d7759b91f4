using System.Text.Json;
using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class IndexTests
{
    private static readonly Tensor Rows = Tensor.From([2L, 0, 2, -1], [2, 2]).Keep();

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["index"])]
    public void Agrees_with_torch(GoldenCase golden) =>
        golden.Check(() => golden["x"].Index(golden.Parameter("index").EnumerateArray().Select(entry => Entry(golden, entry)).ToArray()));

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["index_select"])]
    public void IndexSelect_agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].IndexSelect(golden.Int("dim"), golden["index"]));

    [Test]
    public void Gradients_are_the_derivatives([Range(0, 5)] int which) => GradientCheck.Of(x => which switch
    {
        0 => x[0].Transpose(0, 1).Index(1..3, Rows.Select(0, 0), 0),
        1 => x[0].Index(Rows, .., TensorIndex.NewAxis, Rows),
        2 => x[0].Index(.., Rows, Rows),
        3 => x[0].Index(Tensor.From([true, false, true], [3]), TensorIndex.Rest, ^1),
        4 => x[0].Index(Tensor.From([true, false, false, true, true, true, false, false, true, false, false, true], [3, 4])),
        _ => x[0].IndexSelect(1, Rows.Flatten()),
    }, GradientCheck.Normal([3, 4, 3], seed: 11));

    [Test]
    public void The_shape_of_tensors_stands_where_their_axes_were_or_in_front()
    {
        var x = Tensor.Zeros([3, 4, 5, 6]);
        Tensor two = Tensor.From([0L, 1], [2]), seven = Tensor.From(new long[7], [7, 1]);
        Assert.That(x.Index(.., two, .., ..).Shape, Is.EqualTo(new Shape(3, 2, 5, 6)));
        Assert.That(x.Index(.., seven, two).Shape, Is.EqualTo(new Shape(3, 7, 2, 6)));
        Assert.That(x.Index(.., seven, .., two).Shape, Is.EqualTo(new Shape(7, 2, 3, 5)), "not side by side");
        Assert.That(x.Index(two, 0, two).Shape, Is.EqualTo(new Shape(2, 6)), "a number does not stand between");
        Assert.That(x.Index(two, TensorIndex.NewAxis, two).Shape, Is.EqualTo(new Shape(2, 1, 5, 6)), "a new axis does");
        Assert.That(x.Index(TensorIndex.Rest, two).Shape, Is.EqualTo(new Shape(3, 4, 5, 2)));
        Assert.That(x.Index(Tensor.Scalar(1L)).Shape, Is.EqualTo(new Shape(4, 5, 6)));
    }

    [Test]
    public void Entries_may_leave_axes_out_and_count_from_the_end()
    {
        var x = Tensor.From(Enumerable.Range(0, 24).ToArray(), [2, 3, 4]);
        Assert.That(x.Index(1, ^1).ToArray<int>(), Is.EqualTo(new[] { 20, 21, 22, 23 }));
        Assert.That(x.Index(TensorIndex.Rest, TensorIndex.Slice(step: 3)).ToArray<int>(), Is.EqualTo(new[] { 0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23 }));
        Assert.That(x.Index().Shape, Is.EqualTo(x.Shape));
        Assert.That(x.Index(TensorIndex.Rest, 0, TensorIndex.All, 1..3).Storage, Is.SameAs(x.Storage), "a view");
    }

    [Test]
    public void Every_dtype_can_be_indexed()
    {
        var index = Tensor.From([1, 0, 1], [3]);
        Assert.That(Tensor.From([true, false], [2]).Index(index).ToArray<bool>(), Is.EqualTo(new[] { false, true, false }));
        Assert.That(Tensor.From([(Half)1, (Half)2], [2]).Index(index).ToArray<Half>(), Is.EqualTo(new[] { (Half)2, (Half)1, (Half)2 }));
        Assert.That(Tensor.From([5L, 7], [2]).Index(index).ToArray<long>(), Is.EqualTo(new long[] { 7, 5, 7 }));
    }

    [TestCase(DType.Float16)]
    [TestCase(DType.BFloat16)]
    public void Half_precision_adds_up_gradients(DType dtype)
    {
        var x = Compare.Convert(Tensor.Zeros([3, 40]), dtype).WithGrad();
        x.Index(Tensor.From([1L, 1, 1, 0], [4])).Sum().Backward();
        Assert.That(Compare.Doubles(x.Grad!.Value), Is.EqualTo(new double[] { 1, 3, 0 }.SelectMany(count => Enumerable.Repeat(count, 40))));
    }

    [Test]
    public void Large_results_are_the_same_as_small_ones()
    {
        // Long enough for several threads, forward and backward.
        var random = new Random(3);
        var index = Tensor.From(Enumerable.Range(0, 2000).Select(_ => (long)random.Next(50)).ToArray(), [2000]);
        var x = GradientCheck.Normal([50, 300], seed: 12).WithGrad();
        var rows = x.Index(index);
        var seed = GradientCheck.Normal([2000, 300], seed: 13);
        rows.Backward(seed);
        double[] values = Compare.Doubles(x), found = Compare.Doubles(rows), gradients = Compare.Doubles(seed), sums = new double[50 * 300];
        for (var p = 0; p < 2000; p++)
        {
            var row = (int)index.AsSpan<long>()[p];
            for (var i = 0; i < 300; i++)
            {
                Assert.That(found[(p * 300) + i], Is.EqualTo(values[(row * 300) + i]));
                sums[(row * 300) + i] += gradients[(p * 300) + i]; // the order of the indices, bit by bit
            }
        }
        Assert.That(Compare.Doubles(x.Grad!.Value), Is.EqualTo(sums));
    }

    [Test]
    public void Entries_that_do_not_fit_are_named()
    {
        var x = Tensor.Zeros([3, 4]);
        Assert.That(() => x.Index(0, 0, 0), Throws.ArgumentException.With.Message.Contains("name 3 axes"));
        Assert.That(() => x.Index(3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("-3 to 2"));
        Assert.That(() => x.Index(TensorIndex.Rest, TensorIndex.Rest), Throws.ArgumentException.With.Message.Contains("once"));
        Assert.That(() => x.Index(Tensor.From([3L], [1])), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("index 3 is not within an axis of size 3"));
        Assert.That(() => x.Index(Tensor.From([-4L], [1])), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.Index(Tensor.From([1f], [1])), Throws.ArgumentException.With.Message.Contains("int64"));
        Assert.That(() => x.Index(Tensor.From([true, false], [2])), Throws.ArgumentException.With.Message.Contains("mask of shape [2]"));
        Assert.That(() => x.Index(Tensor.From([1L, 2], [2]), Tensor.From([1L, 2, 3], [3])), Throws.ArgumentException.With.Message.Contains("broadcast"));
        Assert.That(() => x.Index(^0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("^1 is the last"));
        Assert.That(() => TensorIndex.Slice(step: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => x.IndexSelect(0, Tensor.Zeros([1, 1], DType.Int64)), Throws.ArgumentException.With.Message.Contains("vector"));
    }

    [Test]
    public void Steps_allocate_nothing()
    {
        var mask = Tensor.From([true, false, true], [3]);
        AllocationCheck.Of(x => x[0].Index(Rows, 1.., TensorIndex.NewAxis, Rows), Tensor.Zeros([3, 4, 3]));
        AllocationCheck.Of(x => x[0].Index(mask, ^1), Tensor.Zeros([3, 4, 3]));
        AllocationCheck.Of(x => x[0].IndexSelect(0, Rows.Select(0, 1)), Tensor.Zeros([3, 4, 3]));
    }

    private static TensorIndex Entry(GoldenCase golden, JsonElement entry) => entry.ValueKind switch
    {
        JsonValueKind.Number => entry.GetInt64(),
        JsonValueKind.Array => TensorIndex.Slice(Bound(entry[0]), Bound(entry[1]), Bound(entry[2]) ?? 1),
        _ => entry.GetString() switch
        {
            "new" => TensorIndex.NewAxis,
            "..." => TensorIndex.Rest,
            var name => golden[name!],
        },
    };

    private static long? Bound(JsonElement bound) => bound.ValueKind == JsonValueKind.Null ? null : bound.GetInt64();
}
