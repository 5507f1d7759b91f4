using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Conversions between float32 and the two 16-bit floats, by way of their bits, as no vector instruction for them is within reach.
/// </summary>
internal static unsafe class Precision16
{
    /// <summary>Exact.</summary>
    public static void Widen<TPrecision>(ushort* source, float* destination, nint count)
        where TPrecision : struct, IPrecision16
    {
        nint i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count) WidenVector<TPrecision>(source + i, (uint*)destination + i);
        if (i == count) return;
        ushort* narrow = stackalloc ushort[Vector<ushort>.Count];
        uint* wide = stackalloc uint[Vector<ushort>.Count];
        Buffer.MemoryCopy(source + i, narrow, sizeof(ushort) * Vector<ushort>.Count, sizeof(ushort) * (count - i));
        WidenVector<TPrecision>(narrow, wide);
        Buffer.MemoryCopy(wide, destination + i, sizeof(float) * (count - i), sizeof(float) * (count - i));
    }

    /// <summary>Rounds to nearest, ties to even.</summary>
    public static void Narrow<TPrecision>(float* source, ushort* destination, nint count)
        where TPrecision : struct, IPrecision16
    {
        nint i = 0;
        for (; i <= count - Vector<ushort>.Count; i += Vector<ushort>.Count) NarrowVector<TPrecision>((uint*)source + i, destination + i);
        if (i == count) return;
        uint* wide = stackalloc uint[Vector<ushort>.Count];
        ushort* narrow = stackalloc ushort[Vector<ushort>.Count];
        Buffer.MemoryCopy(source + i, wide, sizeof(uint) * Vector<ushort>.Count, sizeof(float) * (count - i));
        NarrowVector<TPrecision>(wide, narrow);
        Buffer.MemoryCopy(narrow, destination + i, sizeof(ushort) * (count - i), sizeof(ushort) * (count - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WidenVector<TPrecision>(ushort* source, uint* destination)
        where TPrecision : struct, IPrecision16
    {
        Vector.Widen(Vector.Load(source), out var low, out var high);
        Vector.Store(TPrecision.Widen(low), destination);
        Vector.Store(TPrecision.Widen(high), destination + Vector<uint>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NarrowVector<TPrecision>(uint* source, ushort* destination)
        where TPrecision : struct, IPrecision16
    {
        var (low, high) = (TPrecision.Narrow(Vector.Load(source)), TPrecision.Narrow(Vector.Load(source + Vector<uint>.Count)));
        Vector.Store(Vector.Narrow(low, high), destination);
    }
}

/// <summary>A 16-bit float: how its bits, in the lower half of 32, become those of a float32, and back.</summary>
internal interface IPrecision16
{
    static abstract Vector<uint> Widen(Vector<uint> bits);

    static abstract Vector<uint> Narrow(Vector<uint> bits);
}

/// <summary>bfloat16.</summary>
internal readonly struct BrainPrecision : IPrecision16
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Widen(Vector<uint> bits) => bits << 16;

    // Half of the last kept bit's weight is added, less where that makes ties even; nan stays nan.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Narrow(Vector<uint> bits)
    {
        var upper = bits >>> 16;
        var rounded = (bits + new Vector<uint>(0x7FFF) + (upper & Vector<uint>.One)) >>> 16;
        var isNan = Vector.GreaterThan(bits & new Vector<uint>(0x7FFF_FFFF), new Vector<uint>(0x7F80_0000));
        return Vector.ConditionalSelect(isNan, upper | new Vector<uint>(0x40), rounded);
    }
}

/// <summary>float16.</summary>
internal readonly struct HalfPrecision : IPrecision16
{
    // Exponent and mantissa in their new places are the number times 2^-112, subnormals included: one product puts that right.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Widen(Vector<uint> bits)
    {
        var magnitude = (bits & new Vector<uint>(0x7FFF)) << 13;
        var scaled = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(5.192296858534828e33f)); // 2^112
        var isSpecial = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7C00 << 13));
        var sign = (bits & new Vector<uint>(0x8000)) << 16;
        return Vector.ConditionalSelect(isSpecial, magnitude | new Vector<uint>(0x7F80_0000), scaled) | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<uint> Narrow(Vector<uint> bits)
    {
        var magnitude = bits & new Vector<uint>(0x7FFF_FFFF);

        // Normal: the exponent is moved by 112 and the mantissa rounded as in bfloat16; a carry out of it may reach infinity, rightly.
        var odd = (magnitude >>> 13) & Vector<uint>.One;
        var normal = (magnitude + new Vector<uint>(unchecked((uint)-(112 << 23)) + 0xFFF) + odd) >>> 13;

        // Below 2^-14: adding 1/2 leaves the bits of the subnormal, rounded by the addition, in the low bits of the sum.
        var sum = Vector.AsVectorSingle(magnitude) + new Vector<float>(0.5f);
        var subnormal = Vector.AsVectorUInt32(sum) - new Vector<uint>(0x3F00_0000);

        var isNan = Vector.GreaterThan(magnitude, new Vector<uint>(0x7F80_0000));
        var special = Vector.ConditionalSelect(isNan, new Vector<uint>(0x7E00), new Vector<uint>(0x7C00));
        var result = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(113 << 23)), subnormal, normal);
        result = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(143u << 23)), special, result);
        return result | ((bits >>> 16) & new Vector<uint>(0x8000));
    }
}
