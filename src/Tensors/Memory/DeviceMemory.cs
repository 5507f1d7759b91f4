namespace NativeTrainer.Tensors;

/// <summary>How a kind of device gives memory and moves bytes. The CPU's is built in; the CUDA engine registers its own.</summary>
public abstract class DeviceMemory
{
    private static readonly DeviceMemory?[] _byType = [new HostMemory(), null];

    /// <summary>Where allocations start: a multiple of this many bytes, on every device.</summary>
    public const int Alignment = 64;

    /// <summary>The memory of a device; throws where no engine for it has been registered.</summary>
    public static DeviceMemory Of(Device device) => _byType[(int)device.Type]
        ?? throw new NotSupportedException($"device {device}: no engine for it is present in this process; use cpu");

    /// <summary>Makes a kind of device usable in this process.</summary>
    public static void Register(DeviceType type, DeviceMemory memory) => _byType[(int)type] = memory;

    /// <summary>Takes at least <paramref name="bytes"/> bytes, uninitialised; collects garbage and tries once more before it throws.</summary>
    public nint Allocate(long bytes, Device device)
    {
        var size = (Math.Max(bytes, 1) + Alignment - 1) / Alignment * Alignment;
        if (TryAllocate(size, device, out var pointer)) return pointer;

        // Tensors that nobody holds any more free their memory in their finalizers.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (TryAllocate(size, device, out pointer)) return pointer;
        throw new OutOfMemoryException($"device {device} has no {size:N0} bytes left for a tensor");
    }

    /// <summary>Gives an allocation back.</summary>
    public abstract void Free(nint pointer, Device device);

    /// <summary>Sets bytes to zero.</summary>
    public abstract void Clear(nint pointer, long bytes, Device device);

    /// <summary>Copies bytes within the device; the two ranges must not overlap.</summary>
    public abstract void Copy(nint source, nint destination, long bytes, Device device);

    /// <summary>Copies bytes from the host.</summary>
    public abstract void CopyFromHost(nint source, nint destination, long bytes, Device device);

    /// <summary>Copies bytes to the host and waits for them.</summary>
    public abstract void CopyToHost(nint source, nint destination, long bytes, Device device);

    /// <summary>Takes <paramref name="bytes"/> bytes (a positive multiple of <see cref="Alignment"/>), or says that there are none.</summary>
    protected abstract bool TryAllocate(long bytes, Device device, out nint pointer);
}
