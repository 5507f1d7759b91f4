using System.Numerics;
using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Div(Tensor left, Tensor right, Tensor destination, DivRounding rounding = DivRounding.None)
    {
        switch (rounding)
        {
            case DivRounding.None: Zip(default(DivOperator), left, right, destination); break;
            case DivRounding.Trunc: ZipAny(default(DivTruncOperator), left, right, destination); break;
            default: ZipAny(default(DivFloorOperator), left, right, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void DivScalar(Tensor source, double value, Tensor destination, DivRounding rounding = DivRounding.None)
    {
        switch (rounding)
        {
            case DivRounding.None: Map(new DivScalarOperator(value), source, destination); break;
            case DivRounding.Trunc: MapAny(new DivTruncScalarOperator(value), source, destination); break;
            default: MapAny(new DivFloorScalarOperator(value), source, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void ScalarDiv(double value, Tensor source, Tensor destination) =>
        Map(new ScalarDivOperator(value), source, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Truncate<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        V.Select(V.LessThan(x, V.Constant(0)), -V.Floor(-x), V.Floor(x));

    // A quotient that was rounded up to a whole number leaves a remainder on the wrong side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V FloorDivide<V, T>(V x, V y) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var floor = V.Floor(x / y);
        var remainder = V.MultiplyAdd(-floor, y, x);
        return V.Select(V.LessThan(remainder * y, V.Constant(0)), floor - V.Constant(1), floor);
    }

    private static long FloorDivide(long x, long y)
    {
        var quotient = x / y;
        return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient;
    }

    private readonly struct DivOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => x / y;
    }

    private readonly struct DivTruncOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => Truncate<V, T>(x / y);

        long IWholeZip.Invoke(long x, long y) => x / y;
    }

    private readonly struct DivFloorOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => FloorDivide<V, T>(x, y);

        long IWholeZip.Invoke(long x, long y) => FloorDivide(x, y);
    }

    private readonly struct DivScalarOperator(double value) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => x / V.Constant(value);
    }

    private readonly struct DivTruncScalarOperator(double value) : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => Truncate<V, T>(x / V.Constant(value));

        long IWholeMap.Invoke(long x) => x / (long)value;
    }

    private readonly struct DivFloorScalarOperator(double value) : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => FloorDivide<V, T>(x, V.Constant(value));

        long IWholeMap.Invoke(long x) => FloorDivide(x, (long)value);
    }

    private readonly struct ScalarDivOperator(double value) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Constant(value) / x;
    }
}
