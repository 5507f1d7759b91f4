namespace NativeTrainer.Optimization;

/// <summary>Makes the optimizer that <c>optim</c> names.</summary>
public static class Optimizers
{
    /// <summary>An optimizer of some parameter groups, with the settings of the arguments.</summary>
    public static Optimizer Create(TrainingArguments args, IReadOnlyList<ParameterGroup> groups) => args.Optim switch
    {
        OptimizerNames.AdamwTorch => AdamW(args, groups),
        OptimizerNames.AdamwTorchFused or OptimizerNames.AdamwApexFused => AdamW(args, groups, fused: true),
        OptimizerNames.AdamwHf => AdamW(args, groups, isTransformers: true),
        _ => throw InvalidArgumentException.Value(
            "optim", EnumNames.OptimizerNames.Value(args.Optim), "adamw_torch, adamw_torch_fused, adamw_apex_fused or adamw_hf"),
    };

    private static AdamW AdamW(
        TrainingArguments args, IReadOnlyList<ParameterGroup> groups, bool isTransformers = false, bool? fused = null) =>
        new(groups, args.AdamBeta1, args.AdamBeta2, args.AdamEpsilon, isTransformers, fused);
}
