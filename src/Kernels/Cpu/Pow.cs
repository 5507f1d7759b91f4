using System.Numerics;
using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    private const int PowCost = 30;

    /// <inheritdoc/>
    public override void Pow(Tensor source, Tensor exponent, Tensor destination) =>
        ZipAny(default(PowOperator), source, exponent, destination, PowCost);

    /// <inheritdoc/>
    public override void PowScalar(Tensor source, double exponent, Tensor destination)
    {
        switch (exponent)
        {
            case 0: Fill(destination, 1); break;
            case 1: Copy(source, destination); break;
            case 2: Mul(source, source, destination); break;
            case 3: MapAny(default(CubeOperator), source, destination); break;
            case 0.5: Sqrt(source, destination); break;
            case -0.5: Rsqrt(source, destination); break;
            case -1: ScalarDiv(1, source, destination); break;
            default: MapAny(new PowScalarOperator(exponent), source, destination, PowCost); break;
        }
    }

    /// <inheritdoc/>
    public override void ScalarPow(double value, Tensor exponent, Tensor destination) =>
        MapAny(new ScalarPowOperator(value), exponent, destination, PowCost);

    /// <inheritdoc/>
    public override void PowBackward(Tensor source, Tensor exponent, Tensor gradient, Tensor destination) =>
        Zip3(default(PowBackwardOperator), source, exponent, gradient, destination, PowCost);

    /// <inheritdoc/>
    public override void PowScalarBackward(Tensor source, Tensor gradient, double exponent, Tensor destination)
    {
        switch (exponent)
        {
            case 0: Fill(destination, 0); break;
            case 2: Zip(default(SquareBackwardOperator), source, gradient, destination); break;
            case 3: Zip(default(CubeBackwardOperator), source, gradient, destination); break;
            default: Zip(new PowScalarBackwardOperator(exponent), source, gradient, destination, PowCost); break;
        }
    }

    /// <inheritdoc/>
    public override void PowExponentBackward(Tensor source, Tensor exponent, Tensor gradient, Tensor destination) =>
        Zip3(default(PowExponentBackwardOperator), source, exponent, gradient, destination, PowCost);

    // Lane by lane: e^(y ln x) in vectors would lose digits where the power is large.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Power<V, T>(V x, V y)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* bases = (T*)&x, exponents = (T*)&y;
        for (var i = 0; i < V.Count; i++) bases[i] = T.Pow(bases[i], exponents[i]);
        return x;
    }

    private static long Power(long x, long y)
    {
        if (y < 0) return x is 1 ? 1 : x is -1 ? (y & 1) == 0 ? 1 : -1 : 0;
        var power = 1L;
        for (; y > 0; y >>= 1, x *= x) power *= (y & 1) == 0 ? 1 : x;
        return power;
    }

    private readonly struct PowOperator : IZip, IWholeZip
    {
        V IZip.Invoke<V, T>(V x, V y) => Power<V, T>(x, y);

        long IWholeZip.Invoke(long x, long y) => Power(x, y);
    }

    private readonly struct PowScalarOperator(double exponent) : IMap, IWholeMap
    {
        V IMap.Invoke<V, T>(V x) => Power<V, T>(x, V.Constant(exponent));

        long IWholeMap.Invoke(long x) => Power(x, (long)exponent);
    }

    private readonly struct ScalarPowOperator(double value) : IMap, IWholeMap
    {
        V IMap.Invoke<V, T>(V x) => Power<V, T>(V.Constant(value), x);

        long IWholeMap.Invoke(long x) => Power((long)value, x);
    }

    private readonly struct CubeOperator : IMap, IWholeMap
    {
        V IMap.Invoke<V, T>(V x) => x * x * x;

        long IWholeMap.Invoke(long x) => x * x * x;
    }

    // x: source, y: exponent, z: incoming gradient
    private readonly struct PowBackwardOperator : IZip3
    {
        V IZip3.Invoke<V, T>(V x, V y, V z) =>
            V.Select(V.Equal(y, V.Constant(0)), V.Constant(0), z * y * Power<V, T>(x, y - V.Constant(1)));
    }

    private readonly struct PowExponentBackwardOperator : IZip3
    {
        V IZip3.Invoke<V, T>(V x, V y, V z)
        {
            var constant = V.Equal(x, V.Constant(0)) & V.GreaterThanOrEqual(y, V.Constant(0));
            return V.Select(constant, V.Constant(0), z * Power<V, T>(x, y) * VectorMath.Log<V, T>(x));
        }
    }

    // x: source, y: incoming gradient
    private readonly struct PowScalarBackwardOperator(double exponent) : IZip
    {
        V IZip.Invoke<V, T>(V x, V y) => y * V.Constant(exponent) * Power<V, T>(x, V.Constant(exponent - 1));
    }

    private readonly struct SquareBackwardOperator : IZip
    {
        V IZip.Invoke<V, T>(V x, V y) => y * (x + x);
    }

    private readonly struct CubeBackwardOperator : IZip
    {
        V IZip.Invoke<V, T>(V x, V y) => y * V.Constant(3) * x * x;
    }
}
