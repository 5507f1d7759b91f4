using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>Numbers to compute with.</summary>
internal static class Data
{
    /// <summary>Normal numbers of a shape.</summary>
    public static Tensor Normal(params long[] shape)
    {
        var tensor = Tensor.Empty(new Shape(shape));
        new TorchGenerator(1).Normal(tensor.AsSpan<float>());
        return tensor;
    }

    /// <summary>Token ids of a shape, below a vocabulary.</summary>
    public static Tensor Ids(int vocabulary, params long[] shape)
    {
        var ids = new long[shape.Aggregate(1L, (a, b) => a * b)];
        new TorchGenerator(2).RandInt(ids, 0, vocabulary);
        return Tensor.From(ids, new Shape(shape));
    }
}
