using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A module's weights in another dtype for a while: disposing it brings back the very tensors that were there before, with
/// their gradients and their place in flat buffers.</summary>
/// <example><code>using (ConvertedWeights.Of(model, DType.BFloat16)) Evaluate(model);</code></example>
public sealed class ConvertedWeights : IDisposable
{
    private readonly List<(Parameter Parameter, Tensor Original)> _originals = [];

    private ConvertedWeights()
    {
    }

    /// <summary>Converts all floating point parameters; null leaves everything as it is.</summary>
    public static ConvertedWeights Of(Module module, DType? dtype)
    {
        var converted = new ConvertedWeights();
        if (dtype is not { } wanted) return converted;
        using var outside = TensorPool.Suspend();
        foreach (var parameter in module.Parameters())
        {
            var original = parameter.Value;
            if (original.DType == wanted || !original.DType.IsFloatingPoint) continue;
            var value = Tensor.Empty(original.Shape, wanted, original.Device);
            Backend.For(value).Copy(original, value);
            converted._originals.Add((parameter, original));
            parameter.Exchange(value);
        }
        return converted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (parameter, original) in _originals) parameter.Exchange(original);
        _originals.Clear();
    }
}
