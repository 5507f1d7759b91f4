using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Whole numbers that stand in the order of a dtype's elements: 0 and -0 have one, and every nan has the largest.</summary>
internal unsafe interface ISortKey<T>
    where T : unmanaged
{
    static abstract ulong Of(T value);
}

/// <summary>Work that compares, written once for all dtypes.</summary>
internal interface IOrderingKernel
{
    void Run<T, TKey>()
        where T : unmanaged
        where TKey : struct, ISortKey<T>;
}

/// <summary>Picks the code for a dtype.</summary>
internal static class SortKey
{
    public static void Run<TKernel>(string name, DType dtype, TKernel kernel)
        where TKernel : struct, IOrderingKernel
    {
        switch (dtype)
        {
            case DType.Float32: kernel.Run<float, OfSingle>(); break;
            case DType.Float64: kernel.Run<double, OfDouble>(); break;
            case DType.Float16: kernel.Run<Half, OfHalf>(); break;
            case DType.BFloat16: kernel.Run<BFloat16, OfBFloat16>(); break;
            case DType.Int64: kernel.Run<long, OfInt64>(); break;
            case DType.Int32: kernel.Run<int, OfInt32>(); break;
            case DType.Int16: kernel.Run<short, OfInt16>(); break;
            case DType.Int8: kernel.Run<sbyte, OfInt8>(); break;
            case DType.UInt8 or DType.Bool: kernel.Run<byte, OfUInt8>(); break;
            default: throw RowKernel.Unsupported(name, dtype, "all dtypes but float8");
        }
    }

    private readonly struct OfSingle : ISortKey<float>
    {
        public static ulong Of(float value)
        {
            if (float.IsNaN(value)) return uint.MaxValue;
            var bits = BitConverter.SingleToInt32Bits(value + 0f); // -0 + 0 is 0
            return (uint)(bits ^ ((bits >> 31) | int.MinValue));
        }
    }

    private readonly struct OfDouble : ISortKey<double>
    {
        public static ulong Of(double value)
        {
            if (double.IsNaN(value)) return ulong.MaxValue;
            var bits = BitConverter.DoubleToInt64Bits(value + 0d);
            return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
        }
    }

    private readonly struct OfHalf : ISortKey<Half>
    {
        public static ulong Of(Half value) => OfSingle.Of((float)value);
    }

    private readonly struct OfBFloat16 : ISortKey<BFloat16>
    {
        public static ulong Of(BFloat16 value) => OfSingle.Of((float)value);
    }

    private readonly struct OfInt64 : ISortKey<long>
    {
        public static ulong Of(long value) => (ulong)value ^ (1ul << 63);
    }

    private readonly struct OfInt32 : ISortKey<int>
    {
        public static ulong Of(int value) => OfInt64.Of(value);
    }

    private readonly struct OfInt16 : ISortKey<short>
    {
        public static ulong Of(short value) => OfInt64.Of(value);
    }

    private readonly struct OfInt8 : ISortKey<sbyte>
    {
        public static ulong Of(sbyte value) => OfInt64.Of(value);
    }

    private readonly struct OfUInt8 : ISortKey<byte>
    {
        public static ulong Of(byte value) => value;
    }
}
