using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Lane by lane work: what no vector instruction does on this machine.</summary>
internal static unsafe class Lanes
{
    /// <summary>Applies a scalar function to every lane.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V Map<V, T, TFunction>(V x)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, IScalarFunction
    {
        T* lanes = (T*)&x;
        for (int i = 0; i < V.Count; i++) lanes[i] = T.CreateTruncating(TFunction.Invoke(double.CreateTruncating(lanes[i])));
        return x;
    }

    /// <summary>Largest lane; NaN if any is.</summary>
    public static T Max<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* lanes = (T*)&x;
        T result = lanes[0];
        for (int i = 1; i < V.Count; i++) result = T.Max(result, lanes[i]);
        return result;
    }

    /// <summary>Smallest lane; NaN if any is.</summary>
    public static T Min<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* lanes = (T*)&x;
        T result = lanes[0];
        for (int i = 1; i < V.Count; i++) result = T.Min(result, lanes[i]);
        return result;
    }
}

/// <summary>A function of one number, for <see cref="Lanes.Map"/>.</summary>
internal interface IScalarFunction
{
    static abstract double Invoke(double x);
}

/// <summary>Reads and writes of the first lanes of a vector where no masked instruction exists.</summary>
internal static unsafe class PartialVector
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V Load<V, T>(T* source, int count, V rest)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* lanes = (T*)&rest;
        for (int i = 0; i < count; i++) lanes[i] = source[i];
        return rest;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<V, T>(V value, T* destination, int count) where V : unmanaged where T : unmanaged
    {
        T* lanes = (T*)&value;
        for (int i = 0; i < count; i++) destination[i] = lanes[i];
    }
}

/// <summary>Scaling by a power of two through the bits of the exponent.</summary>
internal static class PowerOfTwo
{
    /// <summary>a·2^n in two factors, so that results near the ends of the range overflow and underflow as they should.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V, T>(V a, V n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V half = V.Floor(n * V.Constant(0.5));
        return a * Exact<V, T>(half) * Exact<V, T>(n - half);
    }

    // Adding 1.5·2^(mantissa bits) leaves the whole number in the low bits; from there it moves into the exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exact<V, T>(V n) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V magic = V.Constant(single ? 12582912 : 6755399441055744);
        return V.ShiftLeft(V.AddBits(n + magic, V.Bits(single ? 127 : 1023)), single ? 23 : 52);
    }
}
