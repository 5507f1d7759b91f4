using System.Numerics;
using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

// How a kernel of a few lines becomes a loop over tensors: by the dtype of the first input it computes in float, double, or (where it is
// defined for them) 64-bit whole numbers. `cost` is one element's work in units of reading and writing one.
public sealed partial class CpuBackend
{
    private enum Precision
    {
        Single,
        Double,
        Whole,
    }

    private static void Map<TOperator>(TOperator op, Tensor x, Tensor destination, int cost = 1, [CallerMemberName] string name = "")
        where TOperator : struct, IMap
    {
        if (IsSingle(x, name)) Loop<float, MapRow<float, TOperator>>(new(op), cost, destination, x);
        else Loop<double, MapRow<double, TOperator>>(new(op), cost, destination, x);
    }

    private static void Zip<TOperator>(TOperator op, Tensor x, Tensor y, Tensor destination, int cost = 1,
        [CallerMemberName] string name = "")
        where TOperator : struct, IZip
    {
        if (IsSingle(x, name)) Loop<float, ZipRow<float, TOperator>>(new(op), cost, destination, x, y);
        else Loop<double, ZipRow<double, TOperator>>(new(op), cost, destination, x, y);
    }

    private static void Zip3<TOperator>(TOperator op, Tensor x, Tensor y, Tensor z, Tensor destination, int cost = 1,
        [CallerMemberName] string name = "")
        where TOperator : struct, IZip3
    {
        if (IsSingle(x, name)) Loop<float, Zip3Row<float, TOperator>>(new(op), cost, destination, x, y, z);
        else Loop<double, Zip3Row<double, TOperator>>(new(op), cost, destination, x, y, z);
    }

    private static void MapAny<TOperator>(TOperator op, Tensor x, Tensor destination, int cost = 1, [CallerMemberName] string name = "")
        where TOperator : struct, IMap, IWholeMap
    {
        if (PrecisionOf(x, name) != Precision.Whole) Map(op, x, destination, cost, name);
        else Loop<long, WholeMapRow<TOperator>>(new(op), cost, destination, x);
    }

    private static void ZipAny<TOperator>(TOperator op, Tensor x, Tensor y, Tensor destination, int cost = 1,
        [CallerMemberName] string name = "")
        where TOperator : struct, IZip, IWholeZip
    {
        if (PrecisionOf(x, name) != Precision.Whole) Zip(op, x, y, destination, cost, name);
        else Loop<long, WholeZipRow<TOperator>>(new(op), cost, destination, x, y);
    }

    private static void Zip3Any<TOperator>(TOperator op, Tensor x, Tensor y, Tensor z, Tensor destination, int cost = 1,
        [CallerMemberName] string name = "")
        where TOperator : struct, IZip3, IWholeZip3
    {
        if (PrecisionOf(x, name) != Precision.Whole) Zip3(op, x, y, z, destination, cost, name);
        else Loop<long, WholeZip3Row<TOperator>>(new(op), cost, destination, x, y, z);
    }

    private static void Loop<T, TKernel>(TKernel kernel, int cost, Tensor destination, params ReadOnlySpan<Tensor> inputs)
        where T : unmanaged, INumber<T>
        where TKernel : struct, IRowKernel<T> => ElementwiseLoop.Run<T, TKernel>(kernel, cost, destination, inputs);

    private static Precision PrecisionOf(Tensor tensor, string kernel) => tensor.DType switch
    {
        DType.Float32 or DType.Float16 or DType.BFloat16 => Precision.Single,
        DType.Float64 => Precision.Double,
        DType.Float8E4M3 or DType.Float8E5M2 =>
            throw Unsupported(kernel, tensor, "float32, float64, float16, bfloat16, whole numbers or bool"),
        _ => Precision.Whole,
    };

    // For kernels of floating point numbers only: those that are not single are double.
    private static bool IsSingle(Tensor tensor, string kernel) => PrecisionOf(tensor, kernel) switch
    {
        Precision.Single => true,
        Precision.Double => false,
        _ => throw Unsupported(kernel, tensor, "float32, float64, float16 or bfloat16"),
    };

    private static NotSupportedException Unsupported(string kernel, Tensor found, string expected) =>
        new($"the cpu kernel {kernel} takes {expected}; found {found}");
}
