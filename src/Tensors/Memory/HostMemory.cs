using System.Runtime.InteropServices;

namespace NativeTrainer.Tensors;

/// <summary>The processor's memory, from the C library's aligned allocator.</summary>
internal sealed unsafe class HostMemory : DeviceMemory
{
    public override void Free(nint pointer, Device device) => NativeMemory.AlignedFree((void*)pointer);

    public override void Clear(nint pointer, long bytes, Device device) => NativeMemory.Clear((void*)pointer, (nuint)bytes);

    public override void Copy(nint source, nint destination, long bytes, Device device) =>
        NativeMemory.Copy((void*)source, (void*)destination, (nuint)bytes);

    public override void CopyFromHost(nint source, nint destination, long bytes, Device device) => Copy(source, destination, bytes, device);

    public override void CopyToHost(nint source, nint destination, long bytes, Device device) => Copy(source, destination, bytes, device);

    protected override bool TryAllocate(long bytes, Device device, out nint pointer)
    {
        try
        {
            pointer = (nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            return true;
        }
        catch (OutOfMemoryException)
        {
            pointer = 0;
            return false;
        }
    }
}
