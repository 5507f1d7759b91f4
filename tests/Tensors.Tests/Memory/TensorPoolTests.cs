namespace NativeTrainer.Tensors.Tests.Memory;

public sealed class TensorPoolTests
{
    private readonly TensorPool _pool = new();

    [TearDown]
    public void End() => _pool.Dispose();

    [Test]
    public void A_tensor_of_an_ended_scope_is_gone_and_says_so()
    {
        Tensor tensor;
        using (_pool.Enter()) tensor = Tensor.Zeros([2]);
        Assert.That(tensor.IsAlive, Is.False);
        Assert.That(() => tensor.Shape, Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("Keep()"));
        Assert.That(() => tensor.ToArray<float>(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_stale_handle_never_sees_the_tensor_that_took_its_place()
    {
        Tensor stale;
        TensorHeader header;
        using (_pool.Enter()) header = (stale = Tensor.Zeros([2])).Header;
        using (_pool.Enter())
        {
            var next = Tensor.From([5f, 6f], [2]);
            Assert.That(next.Header, Is.SameAs(header), "the test needs the header to be used again");
            Assert.That(stale.IsAlive, Is.False);
            Assert.That(stale, Is.Not.EqualTo(next));
            Assert.That(() => stale.ToArray<float>(), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Keep_outlives_every_scope()
    {
        Tensor kept;
        using (_pool.Enter())
        {
            using (_pool.Enter()) kept = Tensor.From([1f, 2f], [2]).Keep();
        }
        using (_pool.Enter()) Tensor.Zeros([2]).AsSpan<float>().Fill(9);
        Assert.That(kept.ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void KeepInParent_outlives_one_scope()
    {
        Tensor kept, view;
        using (_pool.Enter())
        {
            using (_pool.Enter())
            {
                kept = Tensor.From([1f, 2f], [2]).KeepInParent();
                view = kept.WithLayout(kept.Layout.Slice(0, 1, 1));
            }
            using (_pool.Enter()) Tensor.Zeros([2]).AsSpan<float>().Fill(9);
            Assert.That(kept.ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
            Assert.That(view.IsAlive, Is.False, "a view is kept by itself");
        }
        Assert.That(kept.IsAlive, Is.False);
    }

    [Test]
    public void A_kept_view_keeps_the_memory_that_it_looks_into()
    {
        Tensor view;
        using (_pool.Enter())
        {
            var whole = Tensor.From([1f, 2f, 3f], [3]);
            view = whole.WithLayout(whole.Layout.Slice(0, 1, 2)).Keep();
        }
        using (_pool.Enter()) Tensor.Zeros([3]).AsSpan<float>().Fill(9);
        Assert.That(view.ToArray<float>(), Is.EqualTo(new float[] { 2, 3 }));
    }

    [Test]
    public void Tensors_of_the_outer_scope_live_through_the_inner_one()
    {
        using var outer = _pool.Enter();
        var tensor = Tensor.From([1f], [1]);
        using (_pool.Enter()) Tensor.Zeros([1]).AsSpan<float>().Fill(9);
        Assert.That(tensor.Item<float>(), Is.EqualTo(1));
        Assert.That(tensor.KeepInParent().Item<float>(), Is.EqualTo(1));
    }

    [Test]
    public void Suspend_makes_tensors_that_no_scope_reclaims()
    {
        Tensor free, pooled;
        using (_pool.Enter())
        {
            using (TensorPool.Suspend())
            {
                Assert.That(TensorPool.Current, Is.Null);
                free = Tensor.From([3f], [1]);
                using (_pool.Enter()) Assert.That(TensorPool.Current, Is.SameAs(_pool), "a scope inside a suspension");
            }
            Assert.That(TensorPool.Current, Is.SameAs(_pool));
            pooled = Tensor.From([4f], [1]);
        }
        Assert.That(TensorPool.Current, Is.Null);
        Assert.That(free.Item<float>(), Is.EqualTo(3));
        Assert.That(pooled.IsAlive, Is.False);
    }

    [Test]
    public void Scopes_of_two_pools_nest()
    {
        using var other = new TensorPool();
        using var outer = _pool.Enter();
        var before = Tensor.From([1f], [1]);
        Tensor between;
        using (other.Enter())
        {
            between = Tensor.From([2f], [1]);
            Assert.That(other.AliveCount, Is.EqualTo(2));
        }
        Assert.That((before.IsAlive, between.IsAlive), Is.EqualTo((true, false)));
        Assert.That(_pool.AliveCount, Is.EqualTo(2), "a header and a storage");
    }

    [Test]
    public void Steps_reuse_memory_and_allocate_nothing()
    {
        long before = 0, cached = 0;
        for (var step = 0; step < 20; step++)
        {
            if (step == 10) (before, cached) = (GC.GetAllocatedBytesForCurrentThread(), _pool.CachedBytes);
            using var scope = _pool.Enter();
            for (var i = 1; i < 30; i++)
            {
                using var inner = _pool.Enter();
                var tensor = Tensor.Zeros([i, 7]);
                _ = tensor.WithLayout(tensor.Layout.Transpose(0, 1));
                if (i % 3 == 0) tensor.KeepInParent();
            }
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero, "managed memory");
        Assert.That(_pool.CachedBytes, Is.EqualTo(cached), "native memory");
        Assert.That(_pool.AliveCount, Is.Zero);
    }

    [Test]
    public void Trim_gives_the_cached_memory_back()
    {
        using (_pool.Enter()) _ = Tensor.Zeros([1000]);
        Assert.That(_pool.CachedBytes, Is.InRange(4000, 5000));
        _pool.Trim();
        Assert.That(_pool.CachedBytes, Is.Zero);
        using (_pool.Enter()) Assert.That(Tensor.Zeros([1000]).ToArray<float>(), Is.All.Zero);
    }

    [Test]
    public void A_pool_with_an_open_scope_is_not_disposed()
    {
        using (_pool.Enter()) Assert.That(() => _pool.Dispose(), Throws.InvalidOperationException.With.Message.Contains("1 open scopes"));
    }

    [Test]
    public void A_scope_belongs_to_its_thread()
    {
        using var scope = _pool.Enter();
        var seen = _pool;
        var thread = new Thread(() => seen = TensorPool.Current);
        thread.Start();
        thread.Join();
        Assert.That(seen, Is.Null);
    }
}
