namespace NativeTrainer.Tensors.Tests.Memory;

public sealed class BlockCacheTests
{
    [Test]
    public void Size_classes_fit_and_waste_less_than_a_quarter()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i < 5000 ? i : (long)Math.Exp(random.NextDouble() * 32);
            var sizeClass = BlockCache.ClassOf(bytes);
            var size = BlockCache.SizeOf(sizeClass);
            Assert.That(size, Is.GreaterThanOrEqualTo(bytes));
            Assert.That(size % DeviceMemory.Alignment, Is.Zero, $"{bytes} bytes");
            if (sizeClass > 0) Assert.That(BlockCache.SizeOf(sizeClass - 1), Is.LessThan(bytes), $"class {sizeClass} is the smallest for {bytes} bytes");
            if (bytes > 256) Assert.That(size, Is.LessThan(1.25 * bytes + DeviceMemory.Alignment), $"{bytes} bytes");
        }
    }

    [Test]
    public void A_block_is_used_again_for_anything_down_to_half_its_size()
    {
        var cache = new BlockCache(Device.Cpu);
        var block = cache.Rent(4096, out var sizeClass);
        cache.Return(block, sizeClass);
        Assert.That(cache.CachedBytes, Is.EqualTo(4096));

        var half = cache.Rent(2048, out var sameClass);
        Assert.That((half, sameClass, cache.CachedBytes), Is.EqualTo((block, sizeClass, 0L)));
        cache.Return(half, sameClass);

        var small = cache.Rent(1024, out var smallClass);
        Assert.That(small, Is.Not.EqualTo(block));
        cache.Return(small, smallClass);
        cache.Trim();
        Assert.That(cache.CachedBytes, Is.Zero);
    }
}
