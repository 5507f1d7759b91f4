namespace NativeTrainer.Tensors;

/// <summary>The type of a tensor's elements, with the names that PyTorch gives them.</summary>
public enum DType : byte
{
    /// <summary>IEEE 754 single precision, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 double precision, 8 bytes.</summary>
    Float64,

    /// <summary>IEEE 754 half precision (<see cref="Half"/>), 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a float32 (<see cref="Tensors.BFloat16"/>), 2 bytes.</summary>
    BFloat16,

    /// <summary>Signed, 8 bytes: token ids, labels, indices.</summary>
    Int64,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Signed, 2 bytes.</summary>
    Int16,

    /// <summary>Signed, 1 byte.</summary>
    Int8,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>0 or 1, 1 byte.</summary>
    Bool,

    /// <summary>8-bit float of 4 exponent and 3 mantissa bits; storage only.</summary>
    Float8E4M3,

    /// <summary>8-bit float of 5 exponent and 2 mantissa bits; storage only.</summary>
    Float8E5M2,
}

/// <summary>What can be asked of a <see cref="DType"/>.</summary>
public static class DTypeExtensions
{
    extension(DType dtype)
    {
        /// <summary>Bytes of one element.</summary>
        public int ByteSize => dtype switch
        {
            DType.Float64 or DType.Int64 => 8,
            DType.Float32 or DType.Int32 => 4,
            DType.Float16 or DType.BFloat16 or DType.Int16 => 2,
            _ => 1,
        };

        /// <summary>Whether elements are floating point numbers, so that they can have gradients (float8 too, though it is storage only).</summary>
        public bool IsFloatingPoint => dtype is <= DType.BFloat16 or >= DType.Float8E4M3;

        /// <summary>PyTorch's name: <c>float32</c>, <c>bfloat16</c>, <c>bool</c>, …</summary>
        public string TorchName => dtype switch
        {
            DType.Float32 => "float32",
            DType.Float64 => "float64",
            DType.Float16 => "float16",
            DType.BFloat16 => "bfloat16",
            DType.Int64 => "int64",
            DType.Int32 => "int32",
            DType.Int16 => "int16",
            DType.Int8 => "int8",
            DType.UInt8 => "uint8",
            DType.Bool => "bool",
            DType.Float8E4M3 => "float8_e4m3fn",
            DType.Float8E5M2 => "float8_e5m2",
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not a dtype"),
        };
    }

    /// <summary>The dtype that stores <typeparamref name="T"/>; throws where there is none.</summary>
    public static DType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(Half)) return DType.Float16;
        if (typeof(T) == typeof(BFloat16)) return DType.BFloat16;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(short)) return DType.Int16;
        if (typeof(T) == typeof(sbyte)) return DType.Int8;
        if (typeof(T) == typeof(byte)) return DType.UInt8;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        throw new NotSupportedException(
            $"{typeof(T).Name} is not an element type; expected float, double, Half, BFloat16, long, int, short, sbyte, byte or bool");
    }

    /// <summary>Reads PyTorch's name of a dtype, with or without <c>torch.</c> in front.</summary>
    public static bool TryParse(string name, out DType dtype)
    {
        var bare = name.StartsWith("torch.", StringComparison.Ordinal) ? name[6..] : name;
        foreach (var candidate in Enum.GetValues<DType>())
        {
            if (candidate.TorchName == bare)
            {
                dtype = candidate;
                return true;
            }
        }
        dtype = default;
        return false;
    }
}
