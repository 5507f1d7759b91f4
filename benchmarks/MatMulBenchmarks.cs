using BenchmarkDotNet.Attributes;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks;

/// <summary>Matrix products of the shapes that transformers have: m × k by k × n, float32. 2mkn operations each.</summary>
[MemoryDiagnoser]
public class MatMulBenchmarks
{
    private Tensor _left, _right, _product;

    /// <summary>m, k, n: a square, a projection, the gradient of its weight, a token's row by a matrix.</summary>
    [Params("1024x1024x1024", "2048x384x1152", "384x2048x1152", "1x4096x4096")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var sizes = Array.ConvertAll(Shape.Split('x'), long.Parse);
        _left = Filled([sizes[0], sizes[1]]);
        _right = Filled([sizes[1], sizes[2]]);
        _product = Tensor.Empty([sizes[0], sizes[2]]);
    }

    [Benchmark]
    public void MatMul() => Backend.For(_product).MatMul(_left, _right, _product);

    internal static Tensor Filled(Shape shape)
    {
        var tensor = Tensor.Empty(shape);
        new TorchGenerator(1).Normal(tensor.AsSpan<float>());
        return tensor;
    }
}
