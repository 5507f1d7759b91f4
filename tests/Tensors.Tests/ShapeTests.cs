namespace NativeTrainer.Tensors.Tests;

public sealed class ShapeTests
{
    [Test]
    public void A_collection_makes_a_shape()
    {
        Shape shape = [2, 3, 5];
        Assert.That((shape.Rank, shape.ElementCount, shape[0], shape[-1]), Is.EqualTo((3, 30L, 2L, 5L)));
        Assert.That(shape.Sizes.ToArray(), Is.EqualTo(new long[] { 2, 3, 5 }));
        Assert.That(shape.ToString(), Is.EqualTo("[2, 3, 5]"));
        var sum = 0L;
        foreach (var size in shape) sum += size;
        Assert.That(sum, Is.EqualTo(10));
    }

    [Test]
    public void A_scalar_has_one_element_and_no_axes()
    {
        Shape scalar = [];
        Assert.That((scalar.Rank, scalar.ElementCount, scalar.ToString()), Is.EqualTo((0, 1L, "[]")));
        Assert.That(scalar, Is.EqualTo(default(Shape)));
        Assert.That(() => scalar.Axis(0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("[] has 0 axes"));
    }

    [Test]
    public void A_size_of_0_makes_it_empty() => Assert.That(new Shape(2, 0, 3).ElementCount, Is.Zero);

    [TestCase(-1, 2)]
    [TestCase(-3, 0)]
    [TestCase(1, 1)]
    public void Negative_axes_count_from_the_end(int axis, int found) => Assert.That(new Shape(2, 3, 5).Axis(axis), Is.EqualTo(found));

    [TestCase(3)]
    [TestCase(-4)]
    [TestCase(int.MinValue)]
    [TestCase(int.MaxValue)]
    public void Missing_axes_are_refused(int axis) =>
        Assert.That(() => new Shape(2, 3, 5).Axis(axis), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("[2, 3, 5] has 3 axes"));

    [Test]
    public void With_Without_and_Insert_change_one_axis()
    {
        Shape shape = [2, 3, 5];
        Assert.That(shape.With(-1, 7), Is.EqualTo(new Shape(2, 3, 7)));
        Assert.That(shape.Without(0), Is.EqualTo(new Shape(3, 5)));
        Assert.That(shape.Without(-1), Is.EqualTo(new Shape(2, 3)));
        Assert.That(shape.Insert(0, 9), Is.EqualTo(new Shape(9, 2, 3, 5)));
        Assert.That(shape.Insert(3, 9), Is.EqualTo(new Shape(2, 3, 5, 9)));
        Assert.That(() => shape.Insert(4, 9), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(shape, Is.EqualTo(new Shape(2, 3, 5)), "the first one is unchanged");
    }

    [Test]
    public void Equality_looks_at_rank_and_sizes()
    {
        Assert.That(new Shape(2, 3) == new Shape(2, 3), Is.True);
        Assert.That(new Shape(2, 3) != new Shape(3, 2), Is.True);
        Assert.That(new Shape(2) == new Shape(2, 1), Is.False);
        Assert.That(new Shape(2, 0).Equals((object)new Shape(2)), Is.False, "a missing axis is no axis of size 0");
        Assert.That(new Shape(2, 3).GetHashCode(), Is.EqualTo(new Shape(2, 3, 5).Without(2).GetHashCode()));
    }

    [Test]
    public void Impossible_sizes_are_refused()
    {
        Assert.That(() => new Shape(2, -1), Throws.ArgumentException.With.Message.Contains("axis 1 has size -1"));
        Assert.That(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1, 1), Throws.ArgumentException.With.Message.Contains("at most 8 axes, found 9"));
        Assert.That(() => new Shape(1, 1, 1, 1, 1, 1, 1, 1).Insert(0, 1), Throws.ArgumentException.With.Message.Contains("at most 8 axes"));
    }

    [Test]
    public void More_elements_than_can_be_addressed_are_refused()
    {
        // 2^64 elements would count as 0 in 64 bits.
        Assert.That(() => new Shape(1L << 32, 1L << 32), Throws.ArgumentException.With.Message.Contains("[4294967296, 4294967296]"));
        Assert.That(() => new Shape(1L << 60, 2), Throws.ArgumentException);
        Assert.That(() => new Shape(1L << 40, 1L << 40, 0), Throws.ArgumentException, "its strides could not be counted");
        Assert.That(new Shape(1L << 58).ElementCount, Is.EqualTo(1L << 58));
    }
}
