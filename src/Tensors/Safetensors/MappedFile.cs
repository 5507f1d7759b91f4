using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace NativeTrainer.Tensors;

/// <summary>A whole file in memory without reading it. Tensors over it own it: when the last of them is gone,
/// the collector unmaps it.</summary>
/// <remarks>The mapping is copy-on-write: changing such a tensor in place changes its page in memory, never the file.</remarks>
internal sealed unsafe class MappedFile
{
#pragma warning disable IDE0052 // unmaps in its finalizer
    private readonly SafeMemoryMappedViewHandle _handle;
#pragma warning restore IDE0052

    private MappedFile(MemoryMappedViewAccessor view, long length)
    {
        (_handle, Length) = (view.SafeMemoryMappedViewHandle, length);
        byte* pointer = null;
        _handle.AcquirePointer(ref pointer);
        Pointer = (nint)(pointer + view.PointerOffset);
        _handle.ReleasePointer(); // it stays where it is as long as the handle
    }

    /// <summary>The file's first byte.</summary>
    public nint Pointer { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Maps a file that is not empty.</summary>
    public static MappedFile Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        var length = stream.Length;
        using var file = MemoryMappedFile.CreateFromFile(
            stream, null, length, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        return new MappedFile(file.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite), length);
    }
}
