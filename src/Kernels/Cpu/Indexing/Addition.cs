using System.Numerics;
using System.Numerics.Tensors;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>How elements of a dtype are added where they lie.</summary>
internal unsafe interface IAddition<T>
    where T : unmanaged
{
    static abstract T Sum(T left, T right);

    /// <summary>destination[i] += source[i], both contiguous.</summary>
    static abstract void AddRow(T* destination, T* source, int count);
}

/// <summary>Work that adds, written once for all dtypes that can be added.</summary>
internal interface IAddingKernel
{
    void Run<T, TAddition>()
        where T : unmanaged
        where TAddition : struct, IAddition<T>;
}

/// <summary>Picks the code for a dtype.</summary>
internal static class Addition
{
    public static void Run<TKernel>(string name, DType dtype, TKernel kernel)
        where TKernel : struct, IAddingKernel
    {
        switch (dtype)
        {
            case DType.Float32: kernel.Run<float, OfNumbers<float>>(); break;
            case DType.Float64: kernel.Run<double, OfNumbers<double>>(); break;
            case DType.Float16: kernel.Run<Half, OfNumbers<Half>>(); break;
            case DType.BFloat16: kernel.Run<BFloat16, OfBFloat16>(); break;
            case DType.Int64: kernel.Run<long, OfNumbers<long>>(); break;
            case DType.Int32: kernel.Run<int, OfNumbers<int>>(); break;
            default: throw RowKernel.Unsupported(name, dtype, "float32, float64, float16, bfloat16, int64, int32");
        }
    }

    private readonly unsafe struct OfNumbers<T> : IAddition<T>
        where T : unmanaged, INumber<T>
    {
        public static T Sum(T left, T right) => left + right;

        public static void AddRow(T* destination, T* source, int count)
        {
            var sums = new Span<T>(destination, count);
            TensorPrimitives.Add(sums, new ReadOnlySpan<T>(source, count), sums);
        }
    }

    private readonly unsafe struct OfBFloat16 : IAddition<BFloat16>
    {
        public static BFloat16 Sum(BFloat16 left, BFloat16 right) => (BFloat16)((float)left + (float)right);

        public static void AddRow(BFloat16* destination, BFloat16* source, int count)
        {
            for (var i = 0; i < count; i++) destination[i] = Sum(destination[i], source[i]);
        }
    }
}
