namespace NativeTrainer.Tensors.Tests;

public sealed class LayoutTests
{
    /// <summary>The places of all elements in row-major order, counted the slow way.</summary>
    internal static long[] Places(Layout layout)
    {
        var places = new long[layout.Shape.ElementCount];
        for (var i = 0; i < places.Length; i++)
        {
            long rest = i, place = layout.Offset;
            for (var axis = layout.Shape.Rank - 1; axis >= 0; axis--)
            {
                place += rest % layout.Shape[axis] * layout.Stride(axis);
                rest /= layout.Shape[axis];
            }
            places[i] = place;
        }
        return places;
    }

    [Test]
    public void Row_major_layouts_step_by_the_inner_sizes()
    {
        var layout = Layout.Contiguous([2, 3, 5], 7);
        Assert.That(layout.Strides.ToArray(), Is.EqualTo(new long[] { 15, 5, 1 }));
        Assert.That((layout.Offset, layout.IsContiguous, layout.Stride(-2)), Is.EqualTo((7L, true, 5L)));
        Assert.That(layout.ToString(), Is.EqualTo("[2, 3, 5] strides [15, 5, 1] offset 7"));
        Assert.That(Places(layout), Is.EqualTo(Enumerable.Range(7, 30).Select(i => (long)i)));
    }

    [TestCase(new long[] { 2, 3 }, new long[] { 3, 1 }, true)]
    [TestCase(new long[] { 2, 3 }, new long[] { 1, 2 }, false)]
    [TestCase(new long[] { 2, 3 }, new long[] { 4, 1 }, false)]
    [TestCase(new long[] { 2, 3 }, new long[] { 6, 2 }, false)]
    [TestCase(new long[] { 2, 1, 3 }, new long[] { 3, 99, 1 }, true)]
    [TestCase(new long[] { 1, 3 }, new long[] { 0, 1 }, true)]
    [TestCase(new long[] { 2, 3 }, new long[] { 0, 1 }, false)]
    [TestCase(new long[] { 2, 0 }, new long[] { 17, 5 }, true)]
    [TestCase(new long[] { 0, 2 }, new long[] { 17, 5 }, true)]
    [TestCase(new long[0], new long[0], true)]
    public void Contiguous_means_side_by_side_whatever_axes_of_size_1_say(long[] sizes, long[] strides, bool contiguous) =>
        Assert.That(Layout.Strided(new Shape(sizes), strides).IsContiguous, Is.EqualTo(contiguous));

    [Test]
    public void Permute_and_Transpose_exchange_axes()
    {
        var layout = Layout.Contiguous([2, 3, 5], 1);
        var turned = layout.Permute(2, 0, -2);
        Assert.That((turned.Shape, turned.Offset), Is.EqualTo((new Shape(5, 2, 3), 1L)));
        Assert.That(turned.Strides.ToArray(), Is.EqualTo(new long[] { 1, 15, 5 }));
        Assert.That(Places(layout.Transpose(0, -1)), Is.EqualTo(Places(layout.Permute(2, 1, 0))));
        Assert.That(Places(layout.Transpose(1, 1)), Is.EqualTo(Places(layout)));
        Assert.That(() => layout.Permute(0, 1), Throws.ArgumentException.With.Message.Contains("needs 3 axes").And.Message.Contains("found 2"));
        Assert.That(() => layout.Permute(0, 1, -2), Throws.ArgumentException.With.Message.Contains("axis 1 twice"));
        Assert.That(() => layout.Permute(0, 1, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Slice_takes_every_nth_place()
    {
        var layout = Layout.Contiguous([3, 10]);
        var slice = layout.Slice(1, 2, 3, 3);
        Assert.That(Places(slice), Is.EqualTo(new long[] { 2, 5, 8, 12, 15, 18, 22, 25, 28 }));
        Assert.That(Places(slice.Slice(-1, 1, 2)), Is.EqualTo(new long[] { 5, 8, 15, 18, 25, 28 }), "slices of slices");
        Assert.That(layout.Slice(0, 3, 0).Shape, Is.EqualTo(new Shape(0, 10)), "nothing, at the end");
        Assert.That(layout.Slice(0, 0, 3).IsContiguous, Is.True);
        Assert.That(layout.Slice(0, 1, 2).IsContiguous, Is.True);
        Assert.That(layout.Slice(1, 0, 9).IsContiguous, Is.False);
    }

    [TestCase(-1, 1, 1)]
    [TestCase(0, 11, 1)]
    [TestCase(9, 2, 1)]
    [TestCase(0, 4, 4)]
    [TestCase(0, 1, 0)]
    [TestCase(0, -1, 1)]
    [TestCase(11, 0, 1)]
    [TestCase(1, 3, long.MaxValue / 2)]
    public void Slices_that_leave_the_axis_are_refused(long start, long length, long step) =>
        Assert.That(() => Layout.Contiguous([3, 10]).Slice(1, start, length, step),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("axis 1 of shape [3, 10]"));

    [Test]
    public void Select_takes_one_place_and_drops_the_axis()
    {
        var layout = Layout.Contiguous([2, 3, 5]);
        Assert.That(layout.Select(1, 2).Shape, Is.EqualTo(new Shape(2, 5)));
        Assert.That(Places(layout.Select(1, 2).Select(1, 4)), Is.EqualTo(new long[] { 14, 29 }));
        Assert.That(() => layout.Select(1, 3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 2"));
        Assert.That(() => layout.Select(1, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Squeeze_and_Unsqueeze_take_away_and_put_in_an_axis_of_size_1()
    {
        var layout = Layout.Contiguous([2, 3]).Transpose(0, 1);
        Shape[] expected = [[1, 3, 2], [3, 1, 2], [3, 2, 1]];
        for (var axis = -3; axis < 3; axis++)
        {
            var more = layout.Unsqueeze(axis);
            Assert.That(more.Shape, Is.EqualTo(expected[axis < 0 ? axis + 3 : axis]), $"axis {axis}");
            Assert.That(Places(more), Is.EqualTo(Places(layout)), $"axis {axis}");
            Assert.That(more.Squeeze(axis).Strides.ToArray(), Is.EqualTo(layout.Strides.ToArray()), $"axis {axis}");
        }
        Assert.That(() => layout.Squeeze(0), Throws.ArgumentException.With.Message.Contains("has size 3"));
        Assert.That(() => layout.Unsqueeze(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => layout.Unsqueeze(-4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Layout.Contiguous([1, 1, 1, 1, 1, 1, 1, 1]).Unsqueeze(0), Throws.ArgumentException.With.Message.Contains("at most 8"));
    }

    [Test]
    public void Expand_repeats_axes_of_size_1_and_new_ones()
    {
        var layout = Layout.Contiguous([3, 1], 4);
        var wide = layout.Expand([2, 3, 2]);
        Assert.That(Places(wide), Is.EqualTo(new long[] { 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6 }));
        Assert.That(Layout.Contiguous([]).Expand([0, 2]).Shape, Is.EqualTo(new Shape(0, 2)));
        Assert.That(Layout.Contiguous([1]).Expand([0]).Shape, Is.EqualTo(new Shape(0)));
        Assert.That(() => layout.Expand([3]), Throws.ArgumentException.With.Message.Contains("[3, 1] cannot be expanded to [3]"));
        Assert.That(() => layout.Expand([2, 2]), Throws.ArgumentException);
    }

    [Test]
    public void Strides_must_be_as_many_as_axes() =>
        Assert.That(() => Layout.Strided([2, 3], [1]), Throws.ArgumentException.With.Message.Contains("needs 2 strides, found 1"));
}
