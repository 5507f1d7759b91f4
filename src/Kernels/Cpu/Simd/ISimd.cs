using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// A vector of <typeparamref name="T"/> (float or double) of one width. Kernels are written once against this and compiled for the width
/// that the machine has: <see cref="Simd512{T}"/>, <see cref="Simd256{T}"/>, <see cref="Simd128{T}"/>, or <see cref="SimdScalar{T}"/> where
/// there is none.
/// </summary>
/// <remarks>
/// Comparisons give a mask: lanes of all bits set or none. Bit operations treat a lane as an integer of its size.
/// Element results must not depend on the lane: a partial vector at the end of a row computes what a full one would.
/// </remarks>
internal unsafe interface ISimd<TSelf, T>
    where TSelf : unmanaged, ISimd<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the hardware has vectors of this width; known when code is compiled.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Vector registers of this width: how many accumulators a kernel may keep.</summary>
    static abstract int Registers { get; }

    /// <summary>All lanes the same.</summary>
    static abstract TSelf Broadcast(T value);

    /// <summary>A number of the source code in all lanes, rounded to <typeparamref name="T"/>.</summary>
    static abstract TSelf Constant(double value);

    /// <summary>A bit pattern in all lanes, its low 32 bits for float.</summary>
    static abstract TSelf Bits(long bits);

    /// <summary>Reads <see cref="Count"/> elements; no alignment needed.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>
    /// Reads the first <paramref name="count"/> elements (0 to <see cref="Count"/>) and nothing beyond; the other lanes are <paramref
    /// name="rest"/>.
    /// </summary>
    static abstract TSelf LoadPartial(T* source, int count, TSelf rest);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    void Store(T* destination);

    /// <summary>Writes the first <paramref name="count"/> lanes and touches nothing beyond.</summary>
    void StorePartial(T* destination, int count);

    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator *(TSelf a, TSelf b);
    static abstract TSelf operator /(TSelf a, TSelf b);
    static abstract TSelf operator -(TSelf a);
    static abstract TSelf operator &(TSelf a, TSelf b);
    static abstract TSelf operator |(TSelf a, TSelf b);
    static abstract TSelf operator ^(TSelf a, TSelf b);
    static abstract TSelf operator ~(TSelf a);

    /// <summary>a·b + c: rounded once where the hardware can, twice where it cannot.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The smaller; NaN if either is.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger; NaN if either is.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller in one instruction; what happens to NaN and to the sign of zero is the machine's choice.</summary>
    static abstract TSelf MinNative(TSelf a, TSelf b);

    /// <summary>The larger in one instruction; what happens to NaN and to the sign of zero is the machine's choice.</summary>
    static abstract TSelf MaxNative(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>To the nearest whole number, halves to the even one.</summary>
    static abstract TSelf Round(TSelf a);

    static abstract TSelf Floor(TSelf a);

    /// <summary>a·2^n for whole n (|n| ≤ 252 for float, 2044 for double), with overflow to infinity and gradual underflow.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf a, TSelf n);

    static abstract TSelf LessThan(TSelf a, TSelf b);
    static abstract TSelf LessThanOrEqual(TSelf a, TSelf b);
    static abstract TSelf GreaterThan(TSelf a, TSelf b);
    static abstract TSelf GreaterThanOrEqual(TSelf a, TSelf b);

    /// <summary>Mask of the equal lanes; NaN equals nothing.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Lanes of <paramref name="a"/> where the mask is set, of <paramref name="b"/> elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Whether any lane of a mask is set.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>Integer sum of the lanes' bits.</summary>
    static abstract TSelf AddBits(TSelf a, TSelf b);

    static abstract TSelf ShiftLeft(TSelf a, int bits);

    /// <summary>Shifts in zeros.</summary>
    static abstract TSelf ShiftRight(TSelf a, int bits);

    /// <summary>Sum of all lanes, in an order of the width's own.</summary>
    static abstract T Sum(TSelf a);

    /// <summary>Largest lane; NaN if any is.</summary>
    static abstract T MaxAcross(TSelf a);

    /// <summary>Smallest lane; NaN if any is.</summary>
    static abstract T MinAcross(TSelf a);
}
