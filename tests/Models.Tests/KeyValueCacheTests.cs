using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests;

/// <summary>Keys and values are appended in place, grow, and are views.</summary>
public class KeyValueCacheTests
{
    [Test]
    public void PositionsAreAppendedBehindOneAnother([Values(0, 3, 10)] int capacity)
    {
        var cache = new KeyValueCache(capacity);
        List<float> expected = [];
        foreach (var count in new[] { 2, 1, 3 })
        {
            for (var layer = 0; layer < 2; layer++)
            {
                var (keys, values) = cache.Append(
                    layer, Block(count, cache.Length + (100 * layer)), Block(count, cache.Length + (100 * layer) + 0.5f));
                Assert.That(keys.Shape.ToString(), Is.EqualTo($"[2, 2, {cache.Length + count}, 1]"));
                Assert.That(values.Shape, Is.EqualTo(keys.Shape));
            }
            expected.AddRange(Enumerable.Range(cache.Length, count).Select(position => (float)position));
            cache.Advance(count);
        }
        Assert.That((cache.Length, cache.LayerCount), Is.EqualTo((6, 2)));
        Assert.That(cache.Keys(0).ToArray<float>(), Is.EqualTo(Enumerable.Repeat(expected, 4).SelectMany(line => line)));
        Assert.That(
            cache.Values(1).ToArray<float>(),
            Is.EqualTo(Enumerable.Repeat(expected, 4).SelectMany(line => line).Select(value => value + 100.5f)));
        cache.Clear();
        Assert.That(cache.Append(0, Block(1, 7), Block(1, 7)).Keys.ToArray<float>(), Is.All.EqualTo(7));
    }

    [Test]
    public void MemoryOutlivesTheStepThatItCameFrom()
    {
        var cache = new KeyValueCache();
        using (new TensorPool().Enter()) cache.Append(0, Block(2, 1), Block(2, 1));
        cache.Advance(2);
        Assert.That(cache.Keys(0).ToArray<float>(), Is.EqualTo(new float[] { 1, 2, 1, 2, 1, 2, 1, 2 }));
    }

    [TestCase("1 1 2 3")]
    [TestCase("1 2 3 0")]
    [TestCase("1 0 3 2")]
    [TestCase("3 3 0 0")]
    [TestCase("2 0 1 1")]
    [TestCase("0 1 2 3")]
    [TestCase("0 0 0 0")]
    [TestCase("1 0 0 1")]
    public void RowsTakeEachOthersPlaces(string places)
    {
        var sources = places.Split(' ').Select(int.Parse).ToArray();
        var cache = new KeyValueCache();
        for (var layer = 0; layer < 2; layer++) cache.Append(layer, Rows(10 * layer), Rows((10 * layer) + 0.5f));
        cache.Advance(3);
        cache.Reorder(sources);
        Assert.That(FirstOf(cache.Keys(1)), Is.EqualTo(sources.Select(row => 10f + row)));
        Assert.That(FirstOf(cache.Values(0)), Is.EqualTo(sources.Select(row => row + 0.5f)));
        cache.Append(0, Rows(50, 1), Rows(50, 1));
        cache.Append(1, Rows(50, 1), Rows(50, 1));
        cache.Advance(1);
        cache.Reorder([3, 0, 1, 2], from: 3);
        Assert.That(FirstOf(cache.Keys(1)), Is.EqualTo(sources.Select(row => 10f + row)), "positions in front of it stay");
        var last = cache.Keys(0).ToArray<float>().Where((_, i) => i % 4 == 3).ToArray();
        Assert.That(last, Is.EqualTo(new float[] { 53, 53, 50, 50, 51, 51, 52, 52 }));

        static float[] FirstOf(Tensor keys) => [.. keys.ToArray<float>().Where((_, i) => i % (2 * (int)keys.Size(2)) == 0)];
    }

    [Test]
    public void RowsAreRepeatedAndPositionsForgotten()
    {
        var cache = new KeyValueCache(8);
        cache.Append(0, Block(3, 0), Block(3, 0));
        cache.CrossAttention.Append(0, Block(2, 7), Block(2, 7));
        cache.CrossAttention.Advance(2);
        cache.Advance(3);
        cache.Expand(3);
        Assert.That((cache.Rows, cache.CrossAttention.Rows), Is.EqualTo((6, 6)));
        Assert.That(cache.Keys(0).ToArray<float>(), Is.EqualTo(Enumerable.Repeat(new float[] { 0, 1, 2 }, 12).SelectMany(line => line)));
        Assert.That(cache.CrossAttention.Keys(0).ToArray<float>(), Is.EqualTo(Enumerable.Repeat(new float[] { 7, 8 }, 12).SelectMany(line => line)));
        cache.Truncate(1);
        Assert.That((cache.Length, cache.Values(0).ToArray<float>().Max()), Is.EqualTo((1, 0)));
        Assert.That(() => cache.Truncate(2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("holds 1 positions"));
        Assert.That(() => cache.Reorder([0, 1]), Throws.ArgumentException.With.Message.Contains("holds 6 rows"));
    }

    [Test]
    public void OtherRowsAndLayersOutOfOrderAreRefused()
    {
        var cache = new KeyValueCache();
        Assert.That(
            () => cache.Append(1, Block(1, 0), Block(1, 0)),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("the next is 0"));
        cache.Append(0, Block(1, 0), Block(1, 0));
        Assert.That(
            () => cache.Append(0, Tensor.Zeros([3, 2, 1, 1]), Tensor.Zeros([3, 2, 1, 1])),
            Throws.ArgumentException.With.Message.Contains("the cache holds 2 rows"));
    }

    [Test]
    public void AnOutputListsWhatItHasInHuggingFacesOrder()
    {
        var cache = new KeyValueCache();
        cache.Append(0, Block(1, 0), Block(1, 0));
        cache.Advance(1);
        var one = Tensor.Zeros([1]);
        var output = new ModelOutput { Attentions = [one], HiddenStates = [one, one], PastKeyValues = cache, Logits = one, Loss = one };
        Assert.That(
            output.Items().Select(item => item.Name),
            Is.EqualTo(new[] { "loss", "logits", "past_key_values", "past_key_values", "hidden_states", "hidden_states", "attentions" }));
        Assert.That(new ModelOutput { LastHiddenState = one }.Items().Select(item => item.Name), Is.EqualTo(new[] { "last_hidden_state" }));
        Assert.That(() => new ModelOutput().Logits, Throws.InvalidOperationException.With.Message.Contains("no head"));
    }

    // [4, 2, count, 1], each row with its number.
    private static Tensor Rows(float first, int count = 3) =>
        Tensor.From(Enumerable.Range(0, 4).SelectMany(row => Enumerable.Repeat(first + row, 2 * count)).ToArray(), [4, 2, count, 1]);

    // [2, 2, count, 1] with the numbers first, first + 1, … in each head.
    private static Tensor Block(int count, float first) =>
        Tensor.From(
            Enumerable.Repeat(Enumerable.Range(0, count).Select(i => first + i), 4).SelectMany(line => line).ToArray(), [2, 2, count, 1]);
}
