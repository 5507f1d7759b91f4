using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>Uniform noise on the embeddings while training (NEFTune: N. Jain et al., 2023, https://arxiv.org/abs/2310.05914), drawn from
/// PyTorch's stream as Transformers does.</summary>
internal sealed class NeftuneNoise(double alpha)
{
    /// <summary>Adds noise to what a module gives until the result is disposed.</summary>
    /// <param name="embeddings">Its output is [batch, length, features].</param>
    /// <param name="alpha">The noise is at most alpha / √(length · features).</param>
    public static IDisposable On(Embedding embeddings, double alpha) => embeddings.RegisterForwardHook(new NeftuneNoise(alpha).Add);

    private Tensor Add(Module module, Tensor input, Tensor output)
    {
        if (!module.IsTraining) return output;
        var bound = (float)alpha / MathF.Sqrt(output.Size(1) * output.Size(2));
        if (output.DType == DType.Float64)
        {
            var wide = Tensor.Empty(output.Shape, DType.Float64);
            TorchGenerator.Default.Uniform(wide.AsSpan<double>(), -bound, bound);
            return output + wide;
        }
        var noise = Tensor.Empty(output.Shape, DType.Float32);
        TorchGenerator.Default.Uniform(noise.AsSpan<float>(), -bound, bound);
        return output + noise.To(output.DType);
    }
}
