using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>How rows stored as <typeparamref name="S"/> are read and written by code that computes with <typeparamref name="T"/>.</summary>
internal unsafe interface IRowStorage<S, T>
    where S : unmanaged
    where T : unmanaged
{
    /// <summary>Whether the two types differ, so that rows pass through a buffer.</summary>
    static abstract bool Converts { get; }

    /// <summary>The row as <typeparamref name="T"/>: itself, or converted into the buffer.</summary>
    static abstract T* Read(S* source, nint count, T* buffer);

    /// <summary>Where to compute a row that goes to <paramref name="destination"/>: there, or in the buffer.</summary>
    static abstract T* Target(S* destination, T* buffer);

    /// <summary>Brings a finished row from its target home.</summary>
    static abstract void Write(T* target, S* destination, nint count);
}

/// <summary>Computed with as it is stored.</summary>
internal readonly unsafe struct SameStorage<T> : IRowStorage<T, T>
    where T : unmanaged
{
    public static bool Converts => false;

    public static T* Read(T* source, nint count, T* buffer) => source;

    public static T* Target(T* destination, T* buffer) => destination;

    public static void Write(T* target, T* destination, nint count)
    {
    }
}

/// <summary>float16, computed with as float32.</summary>
internal readonly unsafe struct HalfStorage : IRowStorage<Half, float>
{
    public static bool Converts => true;

    public static float* Read(Half* source, nint count, float* buffer)
    {
        Conversion.Load(DType.Float16, source, buffer, count);
        return buffer;
    }

    public static float* Target(Half* destination, float* buffer) => buffer;

    public static void Write(float* target, Half* destination, nint count) => Conversion.Store(target, DType.Float16, destination, count);
}

/// <summary>bfloat16, computed with as float32.</summary>
internal readonly unsafe struct BFloat16Storage : IRowStorage<BFloat16, float>
{
    public static bool Converts => true;

    public static float* Read(BFloat16* source, nint count, float* buffer)
    {
        Conversion.Load(DType.BFloat16, source, buffer, count);
        return buffer;
    }

    public static float* Target(BFloat16* destination, float* buffer) => buffer;

    public static void Write(float* target, BFloat16* destination, nint count) =>
        Conversion.Store(target, DType.BFloat16, destination, count);
}
