namespace NativeTrainer.Tensors;

/// <summary>A block of a device's memory that tensors look into. Views of one another share it, and with it the version that counts changes in place.</summary>
public sealed class Storage : PooledObject
{
    private nint _pointer;
    private int _sizeClass = -1;
    private BlockCache? _cache;
    private object? _owner;

    /// <summary>For the pool; use the methods of <see cref="Tensor"/> to make one.</summary>
    public Storage()
    {
    }

    /// <summary>The first byte; throws where the memory has been given back.</summary>
    public nint Pointer => _pointer != 0
        ? _pointer
        : throw new ObjectDisposedException(nameof(Storage), "the memory of this tensor has been given back already; Keep() what must outlive its step");

    /// <summary>How many bytes tensors may use.</summary>
    public long ByteLength { get; private set; }

    /// <summary>Where the memory is.</summary>
    public Device Device { get; private set; }

    /// <summary>How often the content was changed in place; autograd checks it.</summary>
    public int Version { get; set; }

    /// <summary>Whether a backward walk made it for a gradient that it hands on.</summary>
    internal bool IsGradient { get; set; }

    /// <summary>How many gradients that wait in the backward walk look into this storage.</summary>
    internal int PendingGradients { get; set; }

    /// <summary>Memory that somebody else owns (a mapped file, a pinned array): <paramref name="owner"/> stays alive as long as any tensor over it.</summary>
    public static Storage Wrap(nint pointer, long byteLength, Device device, object owner)
    {
        if (pointer == 0) throw new ArgumentNullException(nameof(pointer));
        var storage = TensorPool.Rent<Storage>();
        (storage._pointer, storage.ByteLength, storage.Device, storage._owner) = (pointer, byteLength, device, owner);
        GC.SuppressFinalize(storage);
        return storage;
    }

    internal static Storage Allocate(long bytes, Device device)
    {
        var storage = TensorPool.Rent<Storage>();
        (storage.ByteLength, storage.Device) = (bytes, device);
        if (TensorPool.Current is { } pool)
        {
            var cache = pool.CacheOf(device);
            storage._pointer = cache.Rent(bytes, out storage._sizeClass);
            storage._cache = cache; // only now: where there is no memory, there is nothing to give back
            GC.SuppressFinalize(storage);
        }
        else
        {
            storage._pointer = DeviceMemory.Of(device).Allocate(bytes, device);
            if (bytes > 0) GC.AddMemoryPressure(bytes);
        }
        return storage;
    }

    /// <summary>Gives the memory back before the scope ends; tensors over it throw from now on.</summary>
    internal void Release()
    {
        if (_cache is { } cache)
        {
            cache.Return(_pointer, _sizeClass);
            (_pointer, _cache) = (0, null);
        }
    }

    /// <inheritdoc/>
    protected internal override void Reset()
    {
        Release();
        (_pointer, ByteLength, Version, PendingGradients, IsGradient, _owner) = (0, 0, 0, 0, false, null);
    }

    /// <inheritdoc/>
    protected internal override void Escape()
    {
        if (_cache is null) return;
        _cache = null; // the block is the collector's now
        if (ByteLength > 0) GC.AddMemoryPressure(ByteLength);
        GC.ReRegisterForFinalize(this);
    }

    /// <summary>Frees memory that no pool owns.</summary>
    ~Storage()
    {
        if (_cache is not null || _owner is not null || _pointer == 0) return;
        DeviceMemory.Of(Device).Free(_pointer, Device);
        if (ByteLength > 0) GC.RemoveMemoryPressure(ByteLength);
    }
}
