using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>One element as a vector of one lane: for machines without vector hardware, and for combining the results of vectors.</summary>
internal readonly unsafe struct SimdScalar<T>(T value) : ISimd<SimdScalar<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _v = value;

    /// <summary>The element.</summary>
    public T Value => _v;

    public static bool IsSupported => true;
    public static int Count => 1;
    public static int Registers => 16;

    private static bool IsFloat => typeof(T) == typeof(float);

    public static SimdScalar<T> Broadcast(T value) => new(value);
    public static SimdScalar<T> Constant(double value) => new(T.CreateTruncating(value));
    public static SimdScalar<T> Bits(long bits) => FromBits((ulong)bits);

    public static SimdScalar<T> Load(T* source) => new(*source);
    public static SimdScalar<T> LoadPartial(T* source, int count, SimdScalar<T> rest) => count > 0 ? new(*source) : rest;
    public void Store(T* destination) => *destination = _v;

    public void StorePartial(T* destination, int count)
    {
        if (count > 0) *destination = _v;
    }

    public static SimdScalar<T> operator +(SimdScalar<T> a, SimdScalar<T> b) => new(a._v + b._v);
    public static SimdScalar<T> operator -(SimdScalar<T> a, SimdScalar<T> b) => new(a._v - b._v);
    public static SimdScalar<T> operator *(SimdScalar<T> a, SimdScalar<T> b) => new(a._v * b._v);
    public static SimdScalar<T> operator /(SimdScalar<T> a, SimdScalar<T> b) => new(a._v / b._v);
    public static SimdScalar<T> operator -(SimdScalar<T> a) => new(-a._v);
    public static SimdScalar<T> operator &(SimdScalar<T> a, SimdScalar<T> b) => FromBits(ToBits(a) & ToBits(b));
    public static SimdScalar<T> operator |(SimdScalar<T> a, SimdScalar<T> b) => FromBits(ToBits(a) | ToBits(b));
    public static SimdScalar<T> operator ^(SimdScalar<T> a, SimdScalar<T> b) => FromBits(ToBits(a) ^ ToBits(b));
    public static SimdScalar<T> operator ~(SimdScalar<T> a) => FromBits(~ToBits(a));

    public static SimdScalar<T> MultiplyAdd(SimdScalar<T> a, SimdScalar<T> b, SimdScalar<T> c) =>
        new(T.MultiplyAddEstimate(a._v, b._v, c._v));
    public static SimdScalar<T> Min(SimdScalar<T> a, SimdScalar<T> b) => new(T.Min(a._v, b._v));
    public static SimdScalar<T> Max(SimdScalar<T> a, SimdScalar<T> b) => new(T.Max(a._v, b._v));
    public static SimdScalar<T> MinNative(SimdScalar<T> a, SimdScalar<T> b) => new(a._v < b._v ? a._v : b._v);
    public static SimdScalar<T> MaxNative(SimdScalar<T> a, SimdScalar<T> b) => new(a._v > b._v ? a._v : b._v);
    public static SimdScalar<T> Abs(SimdScalar<T> a) => new(T.Abs(a._v));
    public static SimdScalar<T> Sqrt(SimdScalar<T> a) => new(T.Sqrt(a._v));
    public static SimdScalar<T> Round(SimdScalar<T> a) => new(T.Round(a._v));
    public static SimdScalar<T> Floor(SimdScalar<T> a) => new(T.Floor(a._v));
    public static SimdScalar<T> ScaleByPowerOfTwo(SimdScalar<T> a, SimdScalar<T> n) => PowerOfTwo.Scale<SimdScalar<T>, T>(a, n);

    public static SimdScalar<T> LessThan(SimdScalar<T> a, SimdScalar<T> b) => Mask(a._v < b._v);
    public static SimdScalar<T> LessThanOrEqual(SimdScalar<T> a, SimdScalar<T> b) => Mask(a._v <= b._v);
    public static SimdScalar<T> GreaterThan(SimdScalar<T> a, SimdScalar<T> b) => Mask(a._v > b._v);
    public static SimdScalar<T> GreaterThanOrEqual(SimdScalar<T> a, SimdScalar<T> b) => Mask(a._v >= b._v);
    public static SimdScalar<T> Equal(SimdScalar<T> a, SimdScalar<T> b) => Mask(a._v == b._v);
    public static SimdScalar<T> Select(SimdScalar<T> mask, SimdScalar<T> a, SimdScalar<T> b) => ToBits(mask) != 0 ? a : b;
    public static bool Any(SimdScalar<T> mask) => ToBits(mask) != 0;

    public static SimdScalar<T> AddBits(SimdScalar<T> a, SimdScalar<T> b) => FromBits(ToBits(a) + ToBits(b));
    public static SimdScalar<T> ShiftLeft(SimdScalar<T> a, int bits) => FromBits(ToBits(a) << bits);
    public static SimdScalar<T> ShiftRight(SimdScalar<T> a, int bits) => FromBits(ToBits(a) >>> bits);

    public static T Sum(SimdScalar<T> a) => a._v;
    public static T MaxAcross(SimdScalar<T> a) => a._v;
    public static T MinAcross(SimdScalar<T> a) => a._v;

    private static SimdScalar<T> Mask(bool set) => FromBits(set ? ulong.MaxValue : 0);

    private static ulong ToBits(SimdScalar<T> a) => IsFloat ? Unsafe.BitCast<T, uint>(a._v) : Unsafe.BitCast<T, ulong>(a._v);

    private static SimdScalar<T> FromBits(ulong bits) =>
        new(IsFloat ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits));
}
