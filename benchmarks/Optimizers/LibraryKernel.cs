using NativeTrainer.Autograd;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks.Optimizers;

/// <summary>An optimizer of the library: one update of one group, gradients set to 0 on the way, as in training without clipping.</summary>
/// <param name="name">What tables call it.</param>
/// <param name="bytes">Bytes read and written for each parameter, for elements of some size.</param>
/// <param name="create">Makes the optimizer.</param>
/// <param name="dtypes">float32 alone where it is left out.</param>
/// <param name="isMatrix">Whether the parameters are one square matrix and not one long row.</param>
public sealed class LibraryKernel(
    string name, Func<int, double> bytes, Func<IReadOnlyList<ParameterGroup>, Optimizer> create, IReadOnlyList<DType>? dtypes = null,
    bool isMatrix = false) : IOptimizerKernel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<DType> DTypes { get; } = dtypes ?? [DType.Float32];

    /// <inheritdoc/>
    public double BytesPerParameter(DType dtype) => bytes(dtype.ByteSize);

    /// <inheritdoc/>
    public Action Prepare(long parameters, DType dtype)
    {
        var side = (long)Math.Sqrt(parameters);
        var weights = Tensor.Empty(isMatrix ? [side, parameters / side] : [parameters], dtype);
        var draws = Tensor.Empty(weights.Shape);
        new TorchGenerator(1).Normal(draws.AsSpan<float>());
        Kernels.Backend.For(weights).Copy(draws, weights);
        var group = new ParameterGroup([new Parameter(weights)], 1e-4, 0.01);
        Kernels.Backend.For(weights).Copy(draws, group.Flat.View(group.Flat.Gradients, 0));
        var optimizer = create([group]);
        return () => optimizer.Step();
    }
}
