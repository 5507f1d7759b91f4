using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Compare(Comparison comparison, Tensor left, Tensor right, Tensor destination)
    {
        switch (comparison)
        {
            case Comparison.Equal: ZipAny(default(EqualOperator), left, right, destination); break;
            case Comparison.NotEqual: ZipAny(default(NotEqualOperator), left, right, destination); break;
            case Comparison.Less: ZipAny(default(LessOperator), left, right, destination); break;
            case Comparison.LessEqual: ZipAny(default(LessEqualOperator), left, right, destination); break;
            case Comparison.Greater: ZipAny(default(GreaterOperator), left, right, destination); break;
            default: ZipAny(default(GreaterEqualOperator), left, right, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void CompareScalar(Comparison comparison, Tensor source, double value, Tensor destination)
    {
        switch (comparison)
        {
            case Comparison.Equal: MapAny(new CompareScalarOperator<EqualOperator>(value), source, destination); break;
            case Comparison.NotEqual: MapAny(new CompareScalarOperator<NotEqualOperator>(value), source, destination); break;
            case Comparison.Less: MapAny(new CompareScalarOperator<LessOperator>(value), source, destination); break;
            case Comparison.LessEqual: MapAny(new CompareScalarOperator<LessEqualOperator>(value), source, destination); break;
            case Comparison.Greater: MapAny(new CompareScalarOperator<GreaterOperator>(value), source, destination); break;
            default: MapAny(new CompareScalarOperator<GreaterEqualOperator>(value), source, destination); break;
        }
    }

    // Whole numbers are compared as doubles: the value may be a fraction.
    private readonly struct CompareScalarOperator<TOperator>(double value) : IMap, IWholeMap
        where TOperator : struct, IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => default(TOperator).Invoke<V, T>(x, V.Constant(value));

        long IWholeMap.Invoke(long x) => default(TOperator).Holds(x, value);
    }

    private interface IComparison
    {
        long Holds(double x, double y);
    }

    private readonly struct EqualOperator : IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.Equal(x, y) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x == y ? 1 : 0;

        long IComparison.Holds(double x, double y) => x == y ? 1 : 0;
    }

    private readonly struct NotEqualOperator : IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => ~V.Equal(x, y) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x != y ? 1 : 0;

        long IComparison.Holds(double x, double y) => x != y ? 1 : 0;
    }

    private readonly struct LessOperator : IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.LessThan(x, y) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x < y ? 1 : 0;

        long IComparison.Holds(double x, double y) => x < y ? 1 : 0;
    }

    private readonly struct LessEqualOperator : IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.LessThanOrEqual(x, y) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x <= y ? 1 : 0;

        long IComparison.Holds(double x, double y) => x <= y ? 1 : 0;
    }

    private readonly struct GreaterOperator : IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.GreaterThan(x, y) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x > y ? 1 : 0;

        long IComparison.Holds(double x, double y) => x > y ? 1 : 0;
    }

    private readonly struct GreaterEqualOperator : IZip, IWholeZip, IComparison
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.GreaterThanOrEqual(x, y) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x >= y ? 1 : 0;

        long IComparison.Holds(double x, double y) => x >= y ? 1 : 0;
    }
}
