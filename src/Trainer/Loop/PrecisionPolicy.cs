using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>What the precision arguments come to: the dtype that operations run in, whether losses are scaled, and the dtype of the weights
/// in an evaluation.</summary>
/// <remarks>The weights that are trained are float32 in all forms; apex's O3, which has none such, rounds them to float16 after every
/// update.</remarks>
internal sealed class PrecisionPolicy(TrainingArguments args)
{
    private readonly string _apex = args is { Fp16: true, HalfPrecisionBackend: "apex" } ? args.Fp16OptLevel : "";

    /// <summary>The low dtype of training and evaluation steps; null for the weights' own.</summary>
    public DType? LowDType => args.Bf16 ? DType.BFloat16 : args.Fp16 && _apex != "O0" ? DType.Float16 : null;

    /// <summary>Whether everything runs in the low dtype, from the embeddings on, but for norms and losses (apex's O2 and O3).</summary>
    public bool IsWhole => _apex is "O2" or "O3";

    /// <summary>Whether losses are scaled.</summary>
    public bool ScalesLoss => args.Fp16 && _apex is not ("O0" or "O3");

    /// <summary>What the model is converted to for an evaluation outside training; null where it stays as it is.</summary>
    public DType? FullEvaluation => args.Bf16FullEval ? DType.BFloat16 : args.Fp16FullEval ? DType.Float16 : null;

    /// <summary>Opens the scope that steps run in.</summary>
    public Autocast.Scope Enter() => Autocast.Enter(LowDType, IsWhole);

    /// <summary>O3: brings the weights to numbers that float16 has.</summary>
    public void RoundWeights(Optimizer optimizer)
    {
        if (_apex != "O3") return;
        foreach (var group in optimizer.Groups)
        {
            var weights = group.Flat.Values;
            var rounded = Tensor.Empty(weights.Shape, DType.Float16, weights.Device);
            Backend.For(weights).Copy(weights, rounded);
            Backend.For(weights).Copy(rounded, weights);
            weights.MarkChanged();
        }
    }
}
