using System.Numerics;
using System.Numerics.Tensors;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Converts contiguous elements between any dtype and the three types that kernels compute in: float, double and long. To whole numbers
/// truncates, to bool asks whether it is not 0, to 16-bit floats rounds to nearest (from double by way of float, as PyTorch does).
/// </summary>
internal static unsafe class Conversion
{
    /// <summary>Whether elements of a dtype are <typeparamref name="T"/> as they lie in memory.</summary>
    public static bool IsNative<T>(DType dtype) =>
        typeof(T) == typeof(float) ? dtype == DType.Float32 : typeof(T) == typeof(double) ? dtype == DType.Float64 : dtype == DType.Int64;

    /// <summary>Reads elements of any dtype.</summary>
    public static void Load<T>(DType dtype, void* source, T* destination, nint count)
        where T : unmanaged, INumber<T>
    {
        switch (dtype)
        {
            case DType.Float32: Cast((float*)source, destination, count); break;
            case DType.Float64: Cast((double*)source, destination, count); break;
            case DType.Float16: Widen<T, HalfPrecision>((ushort*)source, destination, count); break;
            case DType.BFloat16: Widen<T, BrainPrecision>((ushort*)source, destination, count); break;
            case DType.Int64: Cast((long*)source, destination, count); break;
            case DType.Int32: Cast((int*)source, destination, count); break;
            case DType.Int16: Cast((short*)source, destination, count); break;
            case DType.Int8: Cast((sbyte*)source, destination, count); break;
            case DType.UInt8 or DType.Bool: Bytes((byte*)source, destination, count); break;
            default: throw Unsupported(dtype);
        }
    }

    /// <summary>Writes elements of any dtype.</summary>
    public static void Store<T>(T* source, DType dtype, void* destination, nint count)
        where T : unmanaged, INumber<T>
    {
        switch (dtype)
        {
            case DType.Float32: Cast(source, (float*)destination, count); break;
            case DType.Float64: Cast(source, (double*)destination, count); break;
            case DType.Float16: Narrow<T, HalfPrecision>(source, (ushort*)destination, count); break;
            case DType.BFloat16: Narrow<T, BrainPrecision>(source, (ushort*)destination, count); break;
            case DType.Int64: Cast(source, (long*)destination, count); break;
            case DType.Int32: Cast(source, (int*)destination, count); break;
            case DType.Int16: Cast(source, (short*)destination, count); break;
            case DType.Int8: Cast(source, (sbyte*)destination, count); break;
            case DType.UInt8: Cast(source, (byte*)destination, count); break;
            case DType.Bool: Truth(source, (byte*)destination, count); break;
            default: throw Unsupported(dtype);
        }
    }

    private static void Cast<TFrom, TTo>(TFrom* source, TTo* destination, nint count)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        if (typeof(TFrom) == typeof(TTo)) Buffer.MemoryCopy(source, destination, count * sizeof(TTo), count * sizeof(TTo));
        else TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TFrom>(source, (int)count), new Span<TTo>(destination, (int)count));
    }

    // Masks: float in vectors, which the general conversion does one by one.
    private static void Bytes<T>(byte* source, T* destination, nint count)
        where T : unmanaged, INumber<T>
    {
        nint i = 0;
        if (typeof(T) == typeof(float))
        {
            for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Vector.Widen(Vector.Load(source + i), out var low, out var high);
                Floats(low, (float*)destination + i);
                Floats(high, (float*)destination + i + Vector<ushort>.Count);
            }
        }
        Cast(source + i, destination + i, count - i);

        static void Floats(Vector<ushort> values, float* to)
        {
            Vector.Widen(values, out var low, out var high);
            Vector.Store(Vector.ConvertToSingle(Vector.AsVectorInt32(low)), to);
            Vector.Store(Vector.ConvertToSingle(Vector.AsVectorInt32(high)), to + Vector<int>.Count);
        }
    }

    private static void Truth<T>(T* source, byte* destination, nint count)
        where T : unmanaged, INumber<T>
    {
        nint i = 0;
        if (typeof(T) == typeof(float))
        {
            for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                var from = (float*)source + i;
                Vector.Store(Vector.Narrow(NonZero(from), NonZero(from + Vector<ushort>.Count)) & Vector<byte>.One, destination + i);
            }
        }
        for (; i < count; i++) destination[i] = source[i] != T.Zero ? (byte)1 : (byte)0;

        static Vector<ushort> NonZero(float* from)
        {
            var (low, high) = (Vector.Load(from), Vector.Load(from + Vector<float>.Count));
            return Vector.AsVectorUInt16(Vector.Narrow(~Vector.Equals(low, default), ~Vector.Equals(high, default)));
        }
    }

    private static void Widen<T, TPrecision>(ushort* source, T* destination, nint count)
        where T : unmanaged, INumber<T>
        where TPrecision : struct, IPrecision16
    {
        if (typeof(T) == typeof(float))
        {
            Precision16.Widen<TPrecision>(source, (float*)destination, count);
            return;
        }
        var buffer = stackalloc float[Piece];
        for (nint i = 0; i < count; i += Piece)
        {
            var length = Math.Min(count - i, Piece);
            Precision16.Widen<TPrecision>(source + i, buffer, length);
            Cast(buffer, destination + i, length);
        }
    }

    private static void Narrow<T, TPrecision>(T* source, ushort* destination, nint count)
        where T : unmanaged, INumber<T>
        where TPrecision : struct, IPrecision16
    {
        if (typeof(T) == typeof(float))
        {
            Precision16.Narrow<TPrecision>((float*)source, destination, count);
            return;
        }
        var buffer = stackalloc float[Piece];
        for (nint i = 0; i < count; i += Piece)
        {
            var length = Math.Min(count - i, Piece);
            Cast(source + i, buffer, length);
            Precision16.Narrow<TPrecision>(buffer, destination + i, length);
        }
    }

    private const int Piece = 256;

    private static NotSupportedException Unsupported(DType dtype) =>
        new($"{dtype.TorchName} is for storage only; kernels take float32, float64, float16, bfloat16, whole numbers and bool");
}
