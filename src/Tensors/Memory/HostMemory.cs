using System.Runtime.InteropServices;

namespace NativeTrainer.Tensors;

/// <summary>The processor's memory, from the C library's aligned allocator.</summary>
/// <remarks>Each block's size stands in front of it, so that what is taken can be counted and limited.</remarks>
internal sealed unsafe class HostMemory : DeviceMemory
{
    public override void Free(nint pointer, Device device)
    {
        var block = pointer - Alignment;
        HostMemoryUse.Give(*(long*)block);
        NativeMemory.AlignedFree((void*)block);
    }

    public override void Clear(nint pointer, long bytes, Device device) => NativeMemory.Clear((void*)pointer, (nuint)bytes);

    public override void Copy(nint source, nint destination, long bytes, Device device) =>
        NativeMemory.Copy((void*)source, (void*)destination, (nuint)bytes);

    public override void CopyFromHost(nint source, nint destination, long bytes, Device device) => Copy(source, destination, bytes, device);

    public override void CopyToHost(nint source, nint destination, long bytes, Device device) => Copy(source, destination, bytes, device);

    protected override bool TryAllocate(long bytes, Device device, out nint pointer)
    {
        pointer = 0;
        if (!HostMemoryUse.TryTake(bytes)) return false;
        try
        {
            var block = (nint)NativeMemory.AlignedAlloc((nuint)(bytes + Alignment), Alignment);
            *(long*)block = bytes;
            pointer = block + Alignment;
            return true;
        }
        catch (OutOfMemoryException)
        {
            HostMemoryUse.Give(bytes);
            return false;
        }
    }
}
