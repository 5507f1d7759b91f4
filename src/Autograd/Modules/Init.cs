using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Initial weights, drawn from <see cref="TorchGenerator.Default"/> as <c>torch.nn.init</c> draws them: the same seed gives the same bits.
/// </summary>
public static class Init
{
    [ThreadStatic]
    private static bool _skipped;

    /// <summary>Whether drawing is switched off on this thread.</summary>
    public static bool IsSkipped => _skipped;

    /// <summary>Draws nothing until the scope is disposed: the weights will be read from a file. Constants are still set.</summary>
    public static SkipScope Skip()
    {
        var scope = new SkipScope(_skipped);
        _skipped = true;
        return scope;
    }

    /// <summary>Normal with the given mean and standard deviation.</summary>
    public static void Normal(Parameter parameter, double mean = 0, double std = 1)
    {
        if (_skipped) return;
        Draw(parameter, values => TorchGenerator.Default.Normal(values, mean, std), values => TorchGenerator.Default.Normal(values, mean, std));
    }

    /// <summary>Uniform between two bounds.</summary>
    public static void Uniform(Parameter parameter, double low, double high)
    {
        if (_skipped) return;
        Draw(parameter, values => TorchGenerator.Default.Uniform(values, low, high), values => TorchGenerator.Default.Uniform(values, low, high));
    }

    /// <summary>As <c>kaiming_uniform_(a=√5)</c>, the default of <c>nn.Linear</c>: uniform within 1/√fan_in.</summary>
    public static void KaimingUniform(Parameter parameter)
    {
        var gain = Math.Sqrt(2.0 / (1 + 5));
        var bound = Math.Sqrt(3.0) * (gain / Math.Sqrt(parameter.Shape[1]));
        Uniform(parameter, -bound, bound);
    }

    /// <summary>One value everywhere.</summary>
    public static void Constant(Parameter parameter, double value)
    {
        Backend.For(parameter.Value).Fill(parameter, value);
        parameter.Value.MarkChanged();
    }

    private static void Draw(Parameter parameter, Action<Span<float>> single, Action<Span<double>> wide)
    {
        var tensor = parameter.Value;
        if (!tensor.IsContiguous) throw new InvalidOperationException($"initial weights are drawn into contiguous parameters, found {tensor.Layout}");
        if (tensor.DType == DType.Float32) single(tensor.AsSpan<float>());
        else if (tensor.DType == DType.Float64) wide(tensor.AsSpan<double>());
        else throw new NotSupportedException($"initial weights are drawn in float32 or float64, found {tensor}; convert the module afterwards");
        tensor.MarkChanged();
    }

    /// <summary>Switches drawing on again.</summary>
    public readonly ref struct SkipScope
    {
        private readonly bool _before;

        internal SkipScope(bool before) => _before = before;

        /// <inheritdoc/>
        public void Dispose() => _skipped = _before;
    }
}
