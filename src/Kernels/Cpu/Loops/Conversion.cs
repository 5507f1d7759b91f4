using System.Numerics;
using System.Numerics.Tensors;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Converts contiguous elements between any dtype and the three types that kernels compute in: float, double and long. To whole numbers truncates, to bool
/// asks whether it is not 0, to 16-bit floats rounds to nearest (from double by way of float, as PyTorch does).
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
            case DType.UInt8 or DType.Bool: Cast((byte*)source, destination, count); break;
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
            case DType.Bool:
                for (nint i = 0; i < count; i++) ((byte*)destination)[i] = source[i] != T.Zero ? (byte)1 : (byte)0;
                break;
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

    private static void Widen<T, TPrecision>(ushort* source, T* destination, nint count)
        where T : unmanaged, INumber<T>
        where TPrecision : struct, IPrecision16
    {
        if (typeof(T) == typeof(float))
        {
            TPrecision.Widen(source, (float*)destination, (int)count);
            return;
        }
        var buffer = stackalloc float[Piece];
        for (nint i = 0; i < count; i += Piece)
        {
            var length = Math.Min(count - i, Piece);
            TPrecision.Widen(source + i, buffer, (int)length);
            Cast(buffer, destination + i, length);
        }
    }

    private static void Narrow<T, TPrecision>(T* source, ushort* destination, nint count)
        where T : unmanaged, INumber<T>
        where TPrecision : struct, IPrecision16
    {
        if (typeof(T) == typeof(float))
        {
            TPrecision.Narrow((float*)source, destination, (int)count);
            return;
        }
        var buffer = stackalloc float[Piece];
        for (nint i = 0; i < count; i += Piece)
        {
            var length = Math.Min(count - i, Piece);
            Cast(source + i, buffer, length);
            TPrecision.Narrow(buffer, destination + i, (int)length);
        }
    }

    private const int Piece = 256;

    private static NotSupportedException Unsupported(DType dtype) =>
        new($"{dtype.TorchName} is for storage only; kernels take float32, float64, float16, bfloat16, whole numbers and bool");

    private interface IPrecision16
    {
        static abstract void Widen(ushort* source, float* destination, int count);

        static abstract void Narrow(float* source, ushort* destination, int count);
    }

    private readonly struct HalfPrecision : IPrecision16
    {
        public static void Widen(ushort* source, float* destination, int count) =>
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source, count), new Span<float>(destination, count));

        public static void Narrow(float* source, ushort* destination, int count) =>
            TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>(source, count), new Span<Half>(destination, count));
    }

    private readonly struct BrainPrecision : IPrecision16
    {
        public static void Widen(ushort* source, float* destination, int count)
        {
            var i = 0;
            for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
            {
                Vector.Widen(Vector.Load(source + i), out var low, out var high);
                Vector.Store(low << 16, (uint*)destination + i);
                Vector.Store(high << 16, (uint*)destination + i + Vector<uint>.Count);
            }
            for (; i < count; i++) destination[i] = (float)((BFloat16*)source)[i];
        }

        public static void Narrow(float* source, ushort* destination, int count)
        {
            var i = 0;
            for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count)
            {
                Vector.Store(Vector.Narrow(Round(Vector.Load((uint*)source + i)), Round(Vector.Load((uint*)source + i + Vector<uint>.Count))), destination + i);
            }
            for (; i < count; i++) ((BFloat16*)destination)[i] = (BFloat16)source[i];
        }

        // As BFloat16's conversion: half of the last kept bit's weight, less where that makes ties even; nan stays nan.
        private static Vector<uint> Round(Vector<uint> bits)
        {
            var upper = bits >>> 16;
            var rounded = (bits + new Vector<uint>(0x7FFF) + (upper & Vector<uint>.One)) >>> 16;
            var isNan = Vector.GreaterThan(bits & new Vector<uint>(0x7FFFFFFF), new Vector<uint>(0x7F800000));
            return Vector.ConditionalSelect(isNan, upper | new Vector<uint>(0x40), rounded);
        }
    }
}
