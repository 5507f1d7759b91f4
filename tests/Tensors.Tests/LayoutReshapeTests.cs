namespace NativeTrainer.Tensors.Tests;

/// <summary>TryReshape against brute force: a view exists exactly where steps can be found that visit the same places in the same order.</summary>
public sealed class LayoutReshapeTests
{
    [Test]
    public void A_view_is_made_exactly_where_one_exists([Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        int views = 0, copies = 0;
        for (var trial = 0; trial < 300; trial++)
        {
            var layout = AnyLayout(random);
            var shape = AnyShape(random, layout.Shape.ElementCount);
            var places = LayoutTests.Places(layout);
            var expected = FindStrides(places, shape);
            var found = layout.TryReshape(shape, out var reshaped);
            Assert.That(found, Is.EqualTo(expected is not null), $"seed {seed}, trial {trial}: {layout} as {shape}");
            if (!found)
            {
                copies++;
                continue;
            }
            views++;
            Assert.That(reshaped.Shape, Is.EqualTo(shape));
            Assert.That(LayoutTests.Places(reshaped), Is.EqualTo(places), $"seed {seed}, trial {trial}: {layout} as {shape} gave {reshaped}");
        }
        Assert.That(Math.Min(views, copies), Is.GreaterThan(20), "the trials must meet both kinds");
    }

    [Test]
    public void Another_number_of_elements_is_refused() => Assert.That(Layout.Contiguous([2, 3]).TryReshape([7], out _), Is.False);

    [Test]
    public void Empty_layouts_take_any_empty_shape()
    {
        Assert.That(Layout.Strided([0, 3], [5, 7], 2).TryReshape([4, 0, 2], out var layout), Is.True);
        Assert.That((layout.Shape, layout.IsContiguous), Is.EqualTo((new Shape(4, 0, 2), true)));
    }

    // The step of an axis is what one more on it, with the others at 0, adds; then every element must agree.
    private static long[]? FindStrides(long[] places, Shape shape)
    {
        var strides = new long[shape.Rank];
        var inner = 1L;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] > 1) strides[axis] = places[inner] - places[0];
            inner *= shape[axis];
        }
        return LayoutTests.Places(Layout.Strided(shape, strides, places[0])).SequenceEqual(places) ? strides : null;
    }

    private static Layout AnyLayout(Random random)
    {
        var sizes = new long[random.Next(1, 5)];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = random.Next(1, 5);
        var layout = Layout.Contiguous(new Shape(sizes), random.Next(3));
        for (var change = random.Next(3); change > 0; change--)
        {
            var axis = random.Next(layout.Shape.Rank);
            layout = random.Next(5) switch
            {
                0 => layout.Transpose(axis, random.Next(layout.Shape.Rank)),
                1 => layout.Slice(axis, 0, (layout.Shape[axis] + 1) / 2, 2),
                2 => layout.Slice(axis, layout.Shape[axis] / 2, 1),
                3 => layout.Unsqueeze(axis).Expand(layout.Shape.Insert(axis, random.Next(1, 4))),
                _ => layout.Unsqueeze(axis),
            };
        }
        return layout;
    }

    private static Shape AnyShape(Random random, long count)
    {
        var sizes = new List<long>();
        while (count > 1 && sizes.Count < 6)
        {
            var divisors = Enumerable.Range(2, (int)count - 1).Where(d => count % d == 0).ToArray();
            var size = divisors[random.Next(divisors.Length)];
            sizes.Add(size);
            count /= size;
        }
        if (count > 1) sizes.Add(count);
        while (sizes.Count < 8 && random.Next(3) == 0) sizes.Insert(random.Next(sizes.Count + 1), 1);
        return new Shape(sizes.ToArray());
    }
}
