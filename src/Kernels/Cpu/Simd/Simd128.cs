using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>A 128-bit vector: SSE, or NEON on Arm.</summary>
internal readonly unsafe struct Simd128<T> : ISimd<Simd128<T>, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Simd128(Vector128<T> v) => _v = v;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;
    public static int Count => Vector128<T>.Count;
    public static int Registers => Avx512F.VL.IsSupported || !Sse.IsSupported ? 32 : 16;

    private static bool IsFloat => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Broadcast(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Constant(double value) =>
        new(IsFloat ? Vector128.Create((float)value).As<float, T>() : Vector128.Create(value).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Bits(long bits) =>
        new(IsFloat ? Vector128.Create((int)bits).As<int, T>() : Vector128.Create(bits).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* destination) => _v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> LoadPartial(T* source, int count, Simd128<T> rest)
    {
        if (!Avx.IsSupported) return PartialVector.Load<Simd128<T>, T>(source, count, rest);
        Vector128<T> mask = FirstLanes(count);
        return new(Vector128.ConditionalSelect(mask, IsFloat
            ? Avx.MaskLoad((float*)source, mask.AsSingle()).As<float, T>()
            : Avx.MaskLoad((double*)source, mask.AsDouble()).As<double, T>(), rest._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(T* destination, int count)
    {
        if (!Avx.IsSupported) PartialVector.Store(this, destination, count);
        else if (IsFloat) Avx.MaskStore((float*)destination, FirstLanes(count).AsSingle(), _v.AsSingle());
        else Avx.MaskStore((double*)destination, FirstLanes(count).AsDouble(), _v.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> FirstLanes(int count) => IsFloat
        ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>()
        : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator +(Simd128<T> a, Simd128<T> b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> a, Simd128<T> b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator *(Simd128<T> a, Simd128<T> b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator /(Simd128<T> a, Simd128<T> b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator -(Simd128<T> a) => new(-a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator &(Simd128<T> a, Simd128<T> b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator |(Simd128<T> a, Simd128<T> b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator ^(Simd128<T> a, Simd128<T> b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> operator ~(Simd128<T> a) => new(~a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> MultiplyAdd(Simd128<T> a, Simd128<T> b, Simd128<T> c) => new(IsFloat
        ? Vector128.MultiplyAddEstimate(a._v.AsSingle(), b._v.AsSingle(), c._v.AsSingle()).As<float, T>()
        : Vector128.MultiplyAddEstimate(a._v.AsDouble(), b._v.AsDouble(), c._v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Min(Simd128<T> a, Simd128<T> b) => new(Vector128.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Max(Simd128<T> a, Simd128<T> b) => new(Vector128.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> MinNative(Simd128<T> a, Simd128<T> b) => new(Vector128.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> MaxNative(Simd128<T> a, Simd128<T> b) => new(Vector128.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Abs(Simd128<T> a) => new(Vector128.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Sqrt(Simd128<T> a) => new(Vector128.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Round(Simd128<T> a) =>
        new(IsFloat ? Vector128.Round(a._v.AsSingle()).As<float, T>() : Vector128.Round(a._v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Floor(Simd128<T> a) =>
        new(IsFloat ? Vector128.Floor(a._v.AsSingle()).As<float, T>() : Vector128.Floor(a._v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ScaleByPowerOfTwo(Simd128<T> a, Simd128<T> n) => Avx512F.VL.IsSupported
        ? new(IsFloat
            ? Avx512F.VL.Scale(a._v.AsSingle(), n._v.AsSingle()).As<float, T>()
            : Avx512F.VL.Scale(a._v.AsDouble(), n._v.AsDouble()).As<double, T>())
        : PowerOfTwo.Scale<Simd128<T>, T>(a, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> LessThan(Simd128<T> a, Simd128<T> b) => new(Vector128.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> LessThanOrEqual(Simd128<T> a, Simd128<T> b) => new(Vector128.LessThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> GreaterThan(Simd128<T> a, Simd128<T> b) => new(Vector128.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> GreaterThanOrEqual(Simd128<T> a, Simd128<T> b) => new(Vector128.GreaterThanOrEqual(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Equal(Simd128<T> a, Simd128<T> b) => new(Vector128.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> Select(Simd128<T> mask, Simd128<T> a, Simd128<T> b) => new(Vector128.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Simd128<T> mask) => mask._v.AsInt32() != Vector128<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> AddBits(Simd128<T> a, Simd128<T> b) =>
        new(IsFloat ? (a._v.AsInt32() + b._v.AsInt32()).As<int, T>() : (a._v.AsInt64() + b._v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ShiftLeft(Simd128<T> a, int bits) =>
        new(IsFloat ? (a._v.AsUInt32() << bits).As<uint, T>() : (a._v.AsUInt64() << bits).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128<T> ShiftRight(Simd128<T> a, int bits) =>
        new(IsFloat ? (a._v.AsUInt32() >>> bits).As<uint, T>() : (a._v.AsUInt64() >>> bits).As<ulong, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Simd128<T> a) => Vector128.Sum(a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MaxAcross(Simd128<T> a) => Lanes.Max<Simd128<T>, T>(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MinAcross(Simd128<T> a) => Lanes.Min<Simd128<T>, T>(a);
}
