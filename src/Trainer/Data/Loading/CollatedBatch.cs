using System.Runtime.InteropServices;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>A batch on its way from the thread that made it to the one that trains: names, shapes, bytes, in memory of its own.</summary>
internal sealed class CollatedBatch
{
    private readonly List<(string Name, DType DType, Shape Shape, int Start, int Length)> _tensors = [];
    private byte[] _bytes = [];

    /// <summary>Takes the tensors over.</summary>
    public void Store(Batch batch)
    {
        _tensors.Clear();
        var end = 0;
        foreach (var (name, tensor) in batch)
        {
            var length = checked((int)(tensor.ElementCount * tensor.DType.ByteSize));
            if (_bytes.Length < end + length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, end + length));
            BytesOf(tensor, name).CopyTo(_bytes.AsSpan(end, length));
            _tensors.Add((name, tensor.DType, tensor.Shape, end, length));
            end += length;
        }
    }

    /// <summary>The tensors in the memory of the open scope.</summary>
    public Batch Load()
    {
        var batch = new Batch();
        foreach (var (name, dtype, shape, start, length) in _tensors)
        {
            var tensor = Tensor.Empty(shape, dtype);
            _bytes.AsSpan(start, length).CopyTo(BytesOf(tensor, name));
            batch.Add(name, tensor);
        }
        return batch;
    }

    private static Span<byte> BytesOf(Tensor tensor, string name) => tensor.DType switch
    {
        DType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
        DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
        DType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
        DType.Bool => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()),
        _ => throw new NotSupportedException(
            $"{name} is {tensor.DType.TorchName}; dataloader_num_workers above 0 carries int64, int32, float32, float64 and bool"),
    };
}
