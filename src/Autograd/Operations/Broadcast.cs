using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>NumPy's broadcasting rule, forward and back: shapes are aligned at the last axis, an axis of size 1 repeats.</summary>
internal static class Broadcast
{
    /// <summary>The common shape of two operands; also checks that they agree in dtype and device.</summary>
    public static Shape Of(string operation, Tensor left, Tensor right)
    {
        Check.SameKind(operation, left, right);
        return Of(operation, left.Shape, right.Shape);
    }

    /// <summary>The common shape of two shapes.</summary>
    public static Shape Of(string operation, Shape a, Shape b)
    {
        if (a == b) return a;
        var rank = Math.Max(a.Rank, b.Rank);
        Span<long> sizes = stackalloc long[rank];
        for (var i = 1; i <= rank; i++)
        {
            var (x, y) = (i <= a.Rank ? a[-i] : 1, i <= b.Rank ? b[-i] : 1);
            if (x != y && x != 1 && y != 1)
            {
                throw new ArgumentException($"{operation}: shapes {a} and {b} do not broadcast: axis -{i} has sizes {x} and {y}");
            }
            sizes[^i] = x == 1 ? y : x;
        }
        return new Shape(sizes);
    }

    /// <summary>A view repeated to a shape.</summary>
    public static Tensor To(Tensor tensor, Shape shape) => tensor.Shape == shape ? tensor : tensor.WithLayout(tensor.Layout.Expand(shape));

    /// <summary>The way back: a gradient summed over the axes along which its tensor was repeated.</summary>
    public static Tensor Back(Tensor gradient, Shape shape)
    {
        if (gradient.Shape == shape) return gradient;
        var padded = shape;
        while (padded.Rank < gradient.Rank) padded = padded.Insert(0, 1);
        var sum = Tensor.Empty(padded, gradient.DType, gradient.Device);
        Backend.For(sum).Sum(gradient, sum);
        return sum.WithLayout(Layout.Contiguous(shape));
    }
}

/// <summary>Checks that operations share; the message has what was found and what was expected.</summary>
internal static class Check
{
    public static void SameKind(string operation, Tensor left, Tensor right)
    {
        if (left.DType != right.DType)
        {
            throw new ArgumentException(
                $"{operation}: dtypes {left.DType.TorchName} and {right.DType.TorchName} differ; convert one with To(dtype)");
        }
        if (left.Device != right.Device)
        {
            throw new ArgumentException($"{operation}: one tensor is on {left.Device}, the other on {right.Device}");
        }
    }

    public static void Floating(string operation, Tensor tensor)
    {
        if (!tensor.DType.IsFloatingPoint) throw new ArgumentException($"{operation}: needs a floating point tensor, found {tensor}");
    }

    public static void WholeNumbers(string operation, string argument, Tensor tensor)
    {
        if (tensor.DType is DType.Int64 or DType.Int32) return;
        throw new ArgumentException($"{operation}: {argument} is int64 or int32, found {tensor}");
    }

    public static void Truth(string operation, string argument, Tensor tensor)
    {
        if (tensor.DType == DType.Bool) return;
        throw new ArgumentException($"{operation}: {argument} is bool, found {tensor}; compare it, as in NotEqual(0)");
    }

    /// <summary>A number that a tensor computes with must be one that its dtype can hold.</summary>
    public static void Scalar(string operation, Tensor tensor, double value)
    {
        if (tensor.DType.IsFloatingPoint) return;
        if (tensor.DType == DType.Bool)
        {
            throw new ArgumentException($"{operation}: {tensor} does not compute with numbers; convert it with To(dtype)");
        }
        if (value != Math.Truncate(value) || Math.Abs(value) > long.MaxValue)
        {
            throw new ArgumentException($"{operation}: {tensor} computes with whole numbers, found {value}; convert it with To(dtype)");
        }
    }
}
