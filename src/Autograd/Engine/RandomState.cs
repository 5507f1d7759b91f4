using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Where dropout and noise take their numbers from: a seed and how many of its counters are used up. Every thread has its
/// own.</summary>
/// <remarks>
/// An operation reserves as many counters of <see cref="Philox4x32"/> as it needs (one gives four 32-bit words) and draws them on any
/// device, in any order, on any number of threads. Going back to a captured state therefore gives the same numbers again: checkpointing and
/// resuming rest on that.
/// </remarks>
public sealed class RandomState
{
    // The seed that PyTorch has before anybody sets one.
    private const ulong DefaultSeed = 67280421310721;

    [ThreadStatic]
    private static RandomState? _current;

    private RandomState()
    {
    }

    /// <summary>The state of this thread.</summary>
    public static RandomState Current => _current ??= new RandomState();

    /// <summary>Philox's key.</summary>
    public ulong Seed { get; private set; } = DefaultSeed;

    /// <summary>The first counter that nobody has reserved.</summary>
    public ulong Offset { get; private set; }

    /// <summary>Starts this thread's numbers from a seed, at offset 0.</summary>
    public static void ManualSeed(ulong seed) => Current.Restore(new RandomSnapshot(seed, 0));

    /// <summary>Reserves counters: the caller draws at the returned offset and the <paramref name="count"/> - 1 after it.</summary>
    public ulong Reserve(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var first = Offset;
        Offset += (ulong)count;
        return first;
    }

    /// <summary>The state as a value, to be written to a file or to come back to.</summary>
    public RandomSnapshot Capture() => new(Seed, Offset);

    /// <summary>Goes on from a captured state.</summary>
    public void Restore(RandomSnapshot snapshot) => (Seed, Offset) = (snapshot.Seed, snapshot.Offset);

    /// <summary>Goes back to a captured state until the scope is disposed, then on from where this thread was.</summary>
    public Scope Rewind(RandomSnapshot snapshot)
    {
        var scope = new Scope(this, Capture());
        Restore(snapshot);
        return scope;
    }

    /// <summary>Puts the later state back.</summary>
    public readonly ref struct Scope
    {
        private readonly RandomState _state;
        private readonly RandomSnapshot _later;

        internal Scope(RandomState state, RandomSnapshot later) => (_state, _later) = (state, later);

        /// <inheritdoc/>
        public void Dispose() => _state.Restore(_later);
    }
}

/// <summary>A captured <see cref="RandomState"/>.</summary>
/// <param name="Seed">Philox's key.</param>
/// <param name="Offset">The first counter that nobody has reserved.</param>
public readonly record struct RandomSnapshot(ulong Seed, ulong Offset);
