using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NativeTrainer.Tensors.Tests.Memory;

/// <summary>Stands in for a GPU: host memory that counts. Each test takes a device number of its own.</summary>
internal sealed unsafe class CountingMemory : DeviceMemory
{
    private static readonly CountingMemory _instance = new();
    private static int _devices;
    private readonly ConcurrentDictionary<nint, (Device Device, long Bytes)> _blocks = new();

    static CountingMemory() => Register(DeviceType.Cuda, _instance);

    /// <summary>A device that nobody else uses.</summary>
    public static Device NewDevice() => Device.Cuda(Interlocked.Increment(ref _devices));

    /// <summary>Blocks taken from a device and not given back.</summary>
    public static int BlocksOf(Device device) => _instance._blocks.Values.Count(block => block.Device == device);

    /// <summary>Blocks that a device still gives before it says that it is full.</summary>
    public static ConcurrentDictionary<Device, int> Room { get; } = new();

    public override void Free(nint pointer, Device device)
    {
        if (!_blocks.TryRemove(pointer, out var block) || block.Device != device) throw new InvalidOperationException($"{device} has no block at {pointer}");
        NativeMemory.AlignedFree((void*)pointer);
        Room.AddOrUpdate(device, int.MaxValue, (_, room) => room == int.MaxValue ? room : room + 1);
    }

    public override void Clear(nint pointer, long bytes, Device device) => NativeMemory.Clear((void*)pointer, (nuint)bytes);

    public override void Copy(nint source, nint destination, long bytes, Device device) => NativeMemory.Copy((void*)source, (void*)destination, (nuint)bytes);

    public override void CopyFromHost(nint source, nint destination, long bytes, Device device) => Copy(source, destination, bytes, device);

    public override void CopyToHost(nint source, nint destination, long bytes, Device device) => Copy(source, destination, bytes, device);

    protected override bool TryAllocate(long bytes, Device device, out nint pointer)
    {
        pointer = 0;
        var room = Room.GetOrAdd(device, int.MaxValue);
        if (room == 0) return false;
        if (room != int.MaxValue) Room[device] = room - 1;
        pointer = (nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        _blocks[pointer] = (device, bytes);
        return true;
    }
}
