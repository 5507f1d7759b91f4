using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>What the precision arguments come to: the dtype that operations run in, and the dtype of the weights in an evaluation.</summary>
internal sealed class PrecisionPolicy(TrainingArguments args)
{
    /// <summary>The low dtype of training and evaluation steps; null for the weights' own.</summary>
    public DType? Autocast { get; } = args.Bf16 ? DType.BFloat16 : null;

    /// <summary>What the model is converted to for an evaluation outside training; null where it stays as it is.</summary>
    public DType? FullEvaluation { get; } = args.Bf16FullEval ? DType.BFloat16 : null;
}
