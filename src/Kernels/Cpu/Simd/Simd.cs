using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>A kernel written once for vectors of any width.</summary>
internal interface ISimdKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Does the work with vectors of type <typeparamref name="V"/>.</summary>
    void Run<V>() where V : unmanaged, ISimd<V, T>;
}

/// <summary>Picks the vector width of this machine: the one place where that is decided.</summary>
internal static class Simd
{
    /// <summary>
    /// Runs a kernel with the widest vectors that the hardware has. The choice is a constant when code is compiled: no test remains.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TKernel>(ref TKernel kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TKernel : struct, ISimdKernel<T>, allows ref struct
    {
        if (Simd512<T>.IsSupported) kernel.Run<Simd512<T>>();
        else if (Simd256<T>.IsSupported) kernel.Run<Simd256<T>>();
        else if (Simd128<T>.IsSupported) kernel.Run<Simd128<T>>();
        else kernel.Run<SimdScalar<T>>();
    }
}
