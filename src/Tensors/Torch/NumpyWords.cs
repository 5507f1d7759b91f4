using System.Runtime.InteropServices;

namespace NativeTrainer.Tensors;

/// <summary>A NumPy array of 32-bit words, such as a generator's state.</summary>
public sealed class NumpyWords(params uint[] values)
{
    /// <summary>The words.</summary>
    public uint[] Values { get; private set; } = values;

    /// <summary>Takes the words from little-endian bytes.</summary>
    public void Set(byte[] bytes) => Values = MemoryMarshal.Cast<byte, uint>(bytes).ToArray();

    /// <summary>The words as little-endian bytes.</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes(Values.AsSpan()).ToArray();
}
