using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>An elementwise function of one input, written once for float and double and for every vector width.</summary>
internal interface IMap
{
    V Invoke<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Of two inputs.</summary>
internal interface IZip
{
    V Invoke<V, T>(V x, V y) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Of three inputs.</summary>
internal interface IZip3
{
    V Invoke<V, T>(V x, V y, V z) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>What the same function means for whole numbers and bool: all compute in 64 bits and wrap around when they are stored.</summary>
internal interface IWholeMap
{
    long Invoke(long x);
}

/// <inheritdoc cref="IWholeMap"/>
internal interface IWholeZip
{
    long Invoke(long x, long y);
}

/// <inheritdoc cref="IWholeMap"/>
internal interface IWholeZip3
{
    long Invoke(long x, long y, long z);
}

internal readonly unsafe struct MapRow<T, TOperator>(TOperator op) : IRowKernel<T>, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IMap
{
    private readonly TOperator _op = op;

    public void Invoke(T* destination, T* x, T* y, T* z, nint count) => Elementwise.Map(x, destination, count, this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => _op.Invoke<V, T>(x);
}

internal readonly unsafe struct ZipRow<T, TOperator>(TOperator op) : IRowKernel<T>, IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IZip
{
    private readonly TOperator _op = op;

    public void Invoke(T* destination, T* x, T* y, T* z, nint count) => Elementwise.Zip(x, y, destination, count, this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V y) where V : unmanaged, ISimd<V, T> => _op.Invoke<V, T>(x, y);
}

internal readonly unsafe struct Zip3Row<T, TOperator>(TOperator op) : IRowKernel<T>, ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperator : struct, IZip3
{
    private readonly TOperator _op = op;

    public void Invoke(T* destination, T* x, T* y, T* z, nint count) => Elementwise.Zip3(x, y, z, destination, count, this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V y, V z) where V : unmanaged, ISimd<V, T> => _op.Invoke<V, T>(x, y, z);
}

internal readonly unsafe struct WholeMapRow<TOperator>(TOperator op) : IRowKernel<long>
    where TOperator : struct, IWholeMap
{
    public void Invoke(long* destination, long* x, long* y, long* z, nint count)
    {
        for (nint i = 0; i < count; i++) destination[i] = op.Invoke(x[i]);
    }
}

internal readonly unsafe struct WholeZipRow<TOperator>(TOperator op) : IRowKernel<long>
    where TOperator : struct, IWholeZip
{
    public void Invoke(long* destination, long* x, long* y, long* z, nint count)
    {
        for (nint i = 0; i < count; i++) destination[i] = op.Invoke(x[i], y[i]);
    }
}

internal readonly unsafe struct WholeZip3Row<TOperator>(TOperator op) : IRowKernel<long>
    where TOperator : struct, IWholeZip3
{
    public void Invoke(long* destination, long* x, long* y, long* z, nint count)
    {
        for (nint i = 0; i < count; i++) destination[i] = op.Invoke(x[i], y[i], z[i]);
    }
}
