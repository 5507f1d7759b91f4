namespace NativeTrainer.Tensors;

/// <summary>The memory of a step, used again by the next one. While a scope of the pool is open on a thread, tensors made there are reclaimed at its end.</summary>
/// <remarks>
/// <para>The training loop opens a scope for each step; in it, after the first steps, neither native nor managed memory is allocated. Nobody disposes a
/// tensor. What must outlive the scope is kept: <see cref="Tensor.Keep"/>. Using another tensor after its scope has ended throws.</para>
/// <para>Outside any scope tensors belong to the garbage collector. A pool serves one thread at a time; scopes nest.</para>
/// <example><code>
/// var pool = new TensorPool();
/// for (var step = 0; step &lt; 100; step++)
/// {
///     using var scope = pool.Enter();
///     … // the step
/// }
/// </code></example>
/// </remarks>
public sealed class TensorPool : IDisposable
{
    [ThreadStatic]
    private static TensorPool? _current;

    private readonly List<PooledObject> _born = [];
    private readonly List<BlockCache?> _caches = [];
    private PoolSlot?[] _slots = new PoolSlot?[32];
    private int _depth;

    /// <summary>The pool whose scope is open on this thread, if any.</summary>
    public static TensorPool? Current => _current;

    /// <summary>Bytes that wait in the pool to be used again, over all devices.</summary>
    public long CachedBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var cache in _caches) bytes += cache?.CachedBytes ?? 0;
            return bytes;
        }
    }

    /// <summary>How many objects are alive in the open scopes.</summary>
    public int AliveCount => _born.Count;

    /// <summary>Opens a scope on this thread; dispose it to end it.</summary>
    public Scope Enter()
    {
        var scope = new Scope(this, _current, _born.Count);
        _current = this;
        _depth++;
        return scope;
    }

    /// <summary>Tensors made until the end of this scope belong to the garbage collector, whatever pool is open.</summary>
    public static Scope Suspend()
    {
        var scope = new Scope(null, _current, 0);
        _current = null;
        return scope;
    }

    /// <summary>An object of the open pool, or a new one.</summary>
    /// <remarks>For engine code. The object is reset when the scope ends.</remarks>
    public static T Rent<T>()
        where T : PooledObject, new() => _current is { } pool ? pool.RentHere<T>() : new T();

    /// <summary>Gives the cached memory back to the device.</summary>
    public void Trim()
    {
        foreach (var cache in _caches) cache?.Trim();
    }

    /// <summary>Ends the pool; no scope may be open.</summary>
    public void Dispose()
    {
        if (_depth > 0) throw new InvalidOperationException($"the pool has {_depth} open scopes; dispose them first");
        Trim();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the cached memory, and leaves what a scope that was never ended has to the garbage collector.</summary>
    ~TensorPool()
    {
        foreach (var item in _born) item.Escape();
        Trim();
    }

    internal BlockCache CacheOf(Device device)
    {
        var index = device.Type == DeviceType.Cpu ? 0 : device.Index + 1;
        while (_caches.Count <= index) _caches.Add(null);
        return _caches[index] ??= new BlockCache(device);
    }

    internal int KeptInParent => _depth - 1;

    private T RentHere<T>()
        where T : PooledObject, new()
    {
        var index = PoolSlot.Index<T>.Value;
        if (index >= _slots.Length) Array.Resize(ref _slots, index * 2);
        var slot = _slots[index] ??= new PoolSlot();
        var item = slot.Free.TryPop(out var free) ? (T)free : new T { Slot = slot };
        item.Depth = _depth;
        _born.Add(item);
        return item;
    }

    private void Leave(int mark)
    {
        var kept = mark;
        for (var i = mark; i < _born.Count; i++)
        {
            var item = _born[i];
            if (item.Depth >= _depth)
            {
                item.Reset();
                item.Slot!.Free.Push(item);
            }
            else if (item.Depth > 0)
            {
                _born[kept++] = item;
            }
            else
            {
                item.Escape();
            }
        }
        _born.RemoveRange(kept, _born.Count - kept);
        _depth--;
    }

    /// <summary>An open scope of a pool, or a suspension of one.</summary>
    public readonly ref struct Scope
    {
        private readonly TensorPool? _pool;
        private readonly TensorPool? _outer;
        private readonly int _mark;

        internal Scope(TensorPool? pool, TensorPool? outer, int mark) => (_pool, _outer, _mark) = (pool, outer, mark);

        /// <summary>Reclaims what was born in the scope and not kept.</summary>
        public void Dispose()
        {
            _pool?.Leave(_mark);
            _current = _outer;
        }
    }
}
