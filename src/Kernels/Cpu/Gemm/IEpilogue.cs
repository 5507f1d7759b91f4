using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>What happens to the elements of a product right after they are complete, while they are still in the nearest cache.</summary>
internal unsafe interface IEpilogue<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether there is nothing to do; a constant.</summary>
    static abstract bool IsNothing { get; }

    /// <summary>
    /// Changes <paramref name="rows"/> × <paramref name="columns"/> elements at <paramref name="c"/>, which begin at the given row and
    /// column of C.
    /// </summary>
    void Apply<V>(T* c, nint cRow, int rows, int columns, nint row, nint column) where V : unmanaged, ISimd<V, T>;
}

/// <summary>Leaves the product as it is.</summary>
internal readonly unsafe struct NoEpilogue<T> : IEpilogue<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsNothing => true;

    public void Apply<V>(T* c, nint cRow, int rows, int columns, nint row, nint column) where V : unmanaged, ISimd<V, T>
    {
    }
}

/// <summary>Adds a bias to every row: one number per column of C.</summary>
internal readonly unsafe struct BiasEpilogue<T>(T* bias) : IEpilogue<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsNothing => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T* c, nint cRow, int rows, int columns, nint row, nint column) where V : unmanaged, ISimd<V, T>
    {
        T* b = bias + column;
        int j = 0;
        for (; j <= columns - V.Count; j += V.Count)
        {
            V add = V.Load(b + j);
            for (int i = 0; i < rows; i++) (V.Load(c + i * cRow + j) + add).Store(c + i * cRow + j);
        }

        int rest = columns - j;
        if (rest == 0) return;
        V last = V.LoadPartial(b + j, rest, V.Constant(0));
        for (int i = 0; i < rows; i++) (V.LoadPartial(c + i * cRow + j, rest, last) + last).StorePartial(c + i * cRow + j, rest);
    }
}
