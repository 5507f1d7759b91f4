using System.IO.Compression;
using System.IO.Hashing;

namespace NativeTrainer.Tensors;

/// <summary>A run of bytes that tensors of a PyTorch file look into: in memory, or still in the file.</summary>
public abstract class TorchStorage(DType dtype, long byteLength)
{
    private const int Chunk = 1 << 20;

    /// <summary>The elements' type.</summary>
    public DType DType { get; } = dtype;

    /// <summary>How many bytes.</summary>
    public long ByteLength { get; } = byteLength;

    /// <summary>A stream that begins with the first byte, little-endian.</summary>
    public abstract Stream Open();

    /// <summary>Copies bytes into native memory; where they are all, their checksum is compared.</summary>
    internal virtual unsafe void Read(long from, nint destination, long count) => Read(from, destination, count, null);

    /// <summary>Copies bytes and adds them to a checksum, while they are in the cache.</summary>
    private protected unsafe void Read(long from, nint destination, long count, Crc32? checksum)
    {
        using var stream = Open();
        Skip(stream, from);
        for (long done = 0; done < count;)
        {
            var bytes = new Span<byte>((void*)(destination + (nint)done), (int)Math.Min(count - done, Chunk));
            stream.ReadExactly(bytes);
            checksum?.Append(bytes);
            done += bytes.Length;
        }
    }

    // Inflating streams cannot seek.
    private static void Skip(Stream stream, long count)
    {
        Span<byte> unwanted = stackalloc byte[4096];
        for (; count > 0; count -= Math.Min(count, unwanted.Length)) stream.ReadExactly(unwanted[..(int)Math.Min(count, unwanted.Length)]);
    }
}

/// <summary>The bytes of a contiguous tensor in the processor's memory, which is not copied.</summary>
internal sealed unsafe class TensorStorage(Tensor tensor) : TorchStorage(tensor.DType, tensor.ElementCount * tensor.DType.ByteSize)
{
    public override Stream Open() => ByteLength == 0 ? Stream.Null : new UnmanagedMemoryStream((byte*)tensor.Address, ByteLength);
}

/// <summary>The bytes of an array.</summary>
internal sealed class ArrayStorage(byte[] bytes, DType dtype) : TorchStorage(dtype, bytes.Length)
{
    public override Stream Open() => new MemoryStream(bytes, writable: false);
}

/// <summary>The bytes of an entry of an open file.</summary>
internal sealed class EntryStorage(string file, ZipArchiveEntry entry, DType dtype) : TorchStorage(dtype, entry.Length)
{
    public override Stream Open() => entry.Open();

    internal override void Read(long from, nint destination, long count)
    {
        try
        {
            var checksum = from == 0 && count == ByteLength ? new Crc32() : null;
            Read(from, destination, count, checksum);
            if (checksum is not null && checksum.GetCurrentHashAsUInt32() != entry.Crc32)
            {
                throw new InvalidDataException("its checksum is another");
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw new TorchFileException(file, $"the entry {entry.FullName} is damaged: {broken.Message}", broken);
        }
    }
}
