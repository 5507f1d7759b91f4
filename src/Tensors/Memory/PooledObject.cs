namespace NativeTrainer.Tensors;

/// <summary>Something that lives as long as a <see cref="TensorPool"/>'s scope and is then used again: a tensor's header, its storage, a node of the autograd tape.</summary>
public abstract class PooledObject
{
    /// <summary>The deepest scope that this object outlives: it is reclaimed when the scope of this depth ends; 0 outlives them all.</summary>
    internal int Depth { get; set; }

    /// <summary>The free list that it goes back to.</summary>
    internal PoolSlot? Slot { get; set; }

    /// <summary>Whether it will be used again, so that nobody may hold on to it.</summary>
    internal bool IsPooled => Depth > 0;

    /// <summary>Lets go of everything, ready to be born again.</summary>
    protected internal abstract void Reset();

    /// <summary>It was kept past the outermost scope and belongs to the garbage collector from now on.</summary>
    protected internal virtual void Escape()
    {
    }
}

/// <summary>A free list of one type of pooled objects.</summary>
internal sealed class PoolSlot
{
    private static int _count;

    public Stack<PooledObject> Free { get; } = new();

    public static class Index<T>
        where T : PooledObject
    {
        public static readonly int Value = Interlocked.Increment(ref _count) - 1;
    }
}
