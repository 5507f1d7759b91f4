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

    private static void Map<TOperator>(TOperator op, Tensor x, Tensor destination, int cost = 1, [CallerMemberName] string kernel = "")
        where TOperator : struct, IMap
    {
        if (FloatingPrecisionOf(x, kernel) == Precision.Single) ElementwiseLoop.Run<float, MapRow<float, TOperator>>(new(op), cost, destination, x);
        else ElementwiseLoop.Run<double, MapRow<double, TOperator>>(new(op), cost, destination, x);
    }

    private static void Zip<TOperator>(TOperator op, Tensor x, Tensor y, Tensor destination, int cost = 1, [CallerMemberName] string kernel = "")
        where TOperator : struct, IZip
    {
        if (FloatingPrecisionOf(x, kernel) == Precision.Single) ElementwiseLoop.Run<float, ZipRow<float, TOperator>>(new(op), cost, destination, x, y);
        else ElementwiseLoop.Run<double, ZipRow<double, TOperator>>(new(op), cost, destination, x, y);
    }

    private static void Zip3<TOperator>(TOperator op, Tensor x, Tensor y, Tensor z, Tensor destination, int cost = 1, [CallerMemberName] string kernel = "")
        where TOperator : struct, IZip3
    {
        if (FloatingPrecisionOf(x, kernel) == Precision.Single) ElementwiseLoop.Run<float, Zip3Row<float, TOperator>>(new(op), cost, destination, x, y, z);
        else ElementwiseLoop.Run<double, Zip3Row<double, TOperator>>(new(op), cost, destination, x, y, z);
    }

    private static void MapAny<TOperator>(TOperator op, Tensor x, Tensor destination, int cost = 1, [CallerMemberName] string kernel = "")
        where TOperator : struct, IMap, IWholeMap
    {
        if (PrecisionOf(x, kernel) != Precision.Whole) Map(op, x, destination, cost, kernel);
        else ElementwiseLoop.Run<long, WholeMapRow<TOperator>>(new(op), cost, destination, x);
    }

    private static void ZipAny<TOperator>(TOperator op, Tensor x, Tensor y, Tensor destination, int cost = 1, [CallerMemberName] string kernel = "")
        where TOperator : struct, IZip, IWholeZip
    {
        if (PrecisionOf(x, kernel) != Precision.Whole) Zip(op, x, y, destination, cost, kernel);
        else ElementwiseLoop.Run<long, WholeZipRow<TOperator>>(new(op), cost, destination, x, y);
    }

    private static void Zip3Any<TOperator>(TOperator op, Tensor x, Tensor y, Tensor z, Tensor destination, int cost = 1, [CallerMemberName] string kernel = "")
        where TOperator : struct, IZip3, IWholeZip3
    {
        if (PrecisionOf(x, kernel) != Precision.Whole) Zip3(op, x, y, z, destination, cost, kernel);
        else ElementwiseLoop.Run<long, WholeZip3Row<TOperator>>(new(op), cost, destination, x, y, z);
    }

    private static Precision PrecisionOf(Tensor tensor, string kernel) => tensor.DType switch
    {
        DType.Float32 or DType.Float16 or DType.BFloat16 => Precision.Single,
        DType.Float64 => Precision.Double,
        DType.Float8E4M3 or DType.Float8E5M2 => throw Unsupported(kernel, tensor, "float32, float64, float16, bfloat16, whole numbers or bool"),
        _ => Precision.Whole,
    };

    private static Precision FloatingPrecisionOf(Tensor tensor, string kernel) => PrecisionOf(tensor, kernel) is var precision && precision != Precision.Whole
        ? precision
        : throw Unsupported(kernel, tensor, "float32, float64, float16 or bfloat16");

    private static NotSupportedException Unsupported(string kernel, Tensor found, string expected) =>
        new($"the cpu kernel {kernel} takes {expected}; found {found}");
}
