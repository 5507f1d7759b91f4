using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Engine;

public sealed class RandomStateTests
{
    [Test]
    public void Counters_are_reserved_one_after_the_other()
    {
        RandomState.ManualSeed(42);
        var state = RandomState.Current;
        Assert.That((state.Seed, state.Offset), Is.EqualTo((42ul, 0ul)));
        Assert.That((state.Reserve(10), state.Reserve(0), state.Reserve(1), state.Offset), Is.EqualTo((0ul, 10ul, 10ul, 11ul)));
        Assert.That(() => state.Reserve(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_captured_state_is_come_back_to()
    {
        var state = RandomState.Current;
        RandomState.ManualSeed(7);
        state.Reserve(3);
        var captured = state.Capture();
        state.Reserve(5);
        using (state.Rewind(captured))
        {
            Assert.That(state.Reserve(2), Is.EqualTo(3ul));
            RandomState.ManualSeed(1);
        }
        Assert.That((state.Seed, state.Offset), Is.EqualTo((7ul, 8ul)));
        state.Restore(captured);
        Assert.That(state.Capture(), Is.EqualTo(new RandomSnapshot(7, 3)));
    }

    [Test]
    public void Every_thread_has_its_own()
    {
        RandomState.ManualSeed(5);
        RandomState.Current.Reserve(4);
        var thread = new Thread(() => RandomState.ManualSeed(6));
        thread.Start();
        thread.Join();
        Assert.That(RandomState.Current.Capture(), Is.EqualTo(new RandomSnapshot(5, 4)));
    }
}
