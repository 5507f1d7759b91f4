using System.Runtime.CompilerServices;

namespace NativeTrainer.Tensors.Tests.Memory;

/// <summary>Memory that nobody holds goes back to its device without anybody calling Dispose.</summary>
[NonParallelizable]
public sealed class FinalizerTests
{
    private readonly Device _device = CountingMemory.NewDevice();

    [Test]
    public void Tensors_outside_any_scope_give_their_memory_back()
    {
        Make();
        Collect();
        Assert.That(CountingMemory.BlocksOf(_device), Is.Zero);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Make()
        {
            for (var i = 0; i < 3; i++) _ = Tensor.Empty([1000], device: _device);
            Assert.That(CountingMemory.BlocksOf(_device), Is.EqualTo(3));
        }
    }

    [Test]
    public void A_view_keeps_the_memory_alive()
    {
        var view = Make();
        Collect();
        Assert.That(view.ToArray<float>(), Is.EqualTo(new float[] { 2, 3 }));
        Assert.That(CountingMemory.BlocksOf(_device), Is.EqualTo(1));

        [MethodImpl(MethodImplOptions.NoInlining)]
        Tensor Make()
        {
            var tensor = Tensor.From([1f, 2f, 3f], [3], _device);
            return tensor.WithLayout(tensor.Layout.Slice(0, 1, 2));
        }
    }

    [Test]
    public void A_kept_tensor_outlives_its_pool_and_is_freed_when_nobody_holds_it()
    {
        UseKept();
        Collect();
        Assert.That(CountingMemory.BlocksOf(_device), Is.Zero);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void UseKept()
        {
            Tensor kept;
            using (var pool = new TensorPool())
            {
                using var scope = pool.Enter();
                _ = Tensor.Empty([10], device: _device);
                kept = Tensor.From([1f, 2f], [2], _device).Keep();
            }
            Collect();
            Assert.That(CountingMemory.BlocksOf(_device), Is.EqualTo(1), "the pool has given back what it had");
            Assert.That(kept.ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
        }
    }

    [Test]
    public void A_forgotten_pool_gives_its_memory_back([Values] bool insideAScope)
    {
        Forget();
        Collect();
        Assert.That(CountingMemory.BlocksOf(_device), Is.Zero);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget()
        {
            // A thread that dies in the middle of a step never leaves the scope.
            var thread = new Thread(() =>
            {
                var scope = new TensorPool().Enter();
                _ = Tensor.Empty([1000], device: _device);
                if (!insideAScope) scope.Dispose();
            });
            thread.Start();
            thread.Join();
            Assert.That(CountingMemory.BlocksOf(_device), Is.EqualTo(1));
        }
    }

    [Test]
    public void A_full_device_is_tried_again_after_a_collection()
    {
        CountingMemory.Room[_device] = 1;
        Make();
        var second = Tensor.From([7f], [1], _device);
        Assert.That(second.Item<float>(), Is.EqualTo(7));
        Assert.That(() => Tensor.Empty([1000], device: _device), Throws.InstanceOf<OutOfMemoryException>().With.Message.Contains("4,000").Or.Message.Contains("4,032"));
        GC.KeepAlive(second);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Make() => _ = Tensor.Empty([1000], device: _device);
    }

    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
