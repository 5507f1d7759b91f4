using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Tensors of random layouts, and a slow way to look at their elements.</summary>
internal sealed class RandomTensors(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    /// <summary>A shape of up to five axes; now and then one is 1 or empty.</summary>
    public Shape Shape(int maxRank = 5)
    {
        ReadOnlySpan<long> sizes = [1, 2, 3, 5, 7, 17, 33];
        Span<long> chosen = stackalloc long[_random.Next(maxRank + 1)];
        foreach (ref var size in chosen) size = _random.Next(40) == 0 ? 0 : sizes[_random.Next(chosen.Length > 3 ? 4 : sizes.Length)];
        return new Shape(chosen);
    }

    /// <summary>
    /// A tensor of a shape whose axes lie in random order with random gaps; some are expanded if that is allowed. Values are whole, from
    /// -20 to 20.
    /// </summary>
    public Tensor Tensor(Shape shape, DType dtype, bool expanded)
    {
        var order = Enumerable.Range(0, shape.Rank).ToArray();
        if (_random.Next(2) == 0) _random.Shuffle(order);
        var strides = new long[shape.Rank];
        var length = 1L;
        foreach (var axis in order.Reverse())
        {
            if (expanded && _random.Next(5) == 0) continue;
            strides[axis] = length * (_random.Next(4) == 0 ? 2 : 1);
            length = strides[axis] * Math.Max(shape[axis], 1);
        }
        var offset = _random.Next(3);
        var storage = NativeTrainer.Tensors.Tensor.Empty([length + offset], dtype);
        for (var i = 0; i < length + offset; i++)
        {
            Set(storage, i, dtype is DType.Bool ? _random.Next(2) : _random.Next(dtype == DType.UInt8 ? 0 : -20, 21));
        }
        return storage.WithLayout(Layout.Strided(shape, strides, offset));
    }

    /// <summary>All places of a shape in row-major order.</summary>
    public static IEnumerable<long[]> Places(Shape shape)
    {
        var index = new long[shape.Rank];
        for (var left = shape.ElementCount; left > 0; left--)
        {
            yield return index;
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
    }

    /// <summary>The element at a place; an axis of size 1 repeats.</summary>
    public static double At(Tensor tensor, long[] index)
    {
        var place = tensor.Layout.Offset;
        for (var axis = 0; axis < index.Length; axis++) place += tensor.Size(axis) == 1 ? 0 : index[axis] * tensor.Layout.Stride(axis);
        return Get(tensor, place);
    }

    private static unsafe double Get(Tensor tensor, long place)
    {
        var start = tensor.Storage.Pointer;
        return tensor.DType switch
        {
            DType.Float64 => ((double*)start)[place],
            DType.Float32 => ((float*)start)[place],
            DType.Float16 => (double)((Half*)start)[place],
            DType.BFloat16 => (float)((BFloat16*)start)[place],
            DType.Int64 => ((long*)start)[place],
            DType.Int32 => ((int*)start)[place],
            DType.Int16 => ((short*)start)[place],
            DType.Int8 => ((sbyte*)start)[place],
            _ => ((byte*)start)[place],
        };
    }

    private static unsafe void Set(Tensor tensor, long place, double value)
    {
        var start = tensor.Storage.Pointer;
        switch (tensor.DType)
        {
            case DType.Float64: ((double*)start)[place] = value; break;
            case DType.Float32: ((float*)start)[place] = (float)value; break;
            case DType.Float16: ((Half*)start)[place] = (Half)value; break;
            case DType.BFloat16: ((BFloat16*)start)[place] = (BFloat16)(float)value; break;
            case DType.Int64: ((long*)start)[place] = (long)value; break;
            case DType.Int32: ((int*)start)[place] = (int)value; break;
            case DType.Int16: ((short*)start)[place] = (short)value; break;
            case DType.Int8: ((sbyte*)start)[place] = (sbyte)value; break;
            default: ((byte*)start)[place] = (byte)value; break;
        }
    }
}
