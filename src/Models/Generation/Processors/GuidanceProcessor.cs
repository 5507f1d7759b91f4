using System.Numerics.Tensors;
using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;
using Tensor = NativeTrainer.Tensors.Tensor;

namespace NativeTrainer.Models;

/// <summary>
/// Classifier-free guidance (https://arxiv.org/abs/2306.17806): log-probabilities move away from those of the same model that has seen
/// nothing of the prompt but its last token.
/// </summary>
/// <remarks>As in Hugging Face that second text follows its row's number, also where beams change places.</remarks>
/// <param name="model">The model.</param>
/// <param name="scale">How far: 1 leaves the scores as they are.</param>
public sealed class GuidanceProcessor(ICausalLanguageModel model, double scale) : LogitsProcessor
{
    private readonly KeyValueCache _cache = new();
    private readonly float _scale = (float)scale;
    private float[] _others = [];

    /// <inheritdoc/>
    public override void BeginStep(ReadOnlySpan<long> lastTokens)
    {
        using var silent = NoGrad.Enter();
        var ids = Tensor.Empty([lastTokens.Length, 1], DType.Int64);
        lastTokens.CopyTo(ids.AsSpan<long>());
        var logits = model.NextTokenLogits(ids, null, null, _cache);
        var single = Tensor.Empty(logits.Shape, DType.Float32, logits.Device);
        Backend.For(single).Copy(logits, single);
        if (_others.Length != single.ElementCount) _others = new float[single.ElementCount];
        single.AsSpan<float>().CopyTo(_others);
    }

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        var others = _others.AsSpan(row * scores.Length, scores.Length);
        Scores.LogSoftmax(scores);
        Scores.LogSoftmax(others);
        TensorPrimitives.Subtract(scores, others, scores);
        TensorPrimitives.Multiply(scores, _scale, scores);
        TensorPrimitives.Add(scores, others, scores);
    }
}
