using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Makes the optimizer that <c>optim</c> names.</summary>
/// <remarks>docs/optimizers.md has the table: name, class, bytes of state, paper, options.</remarks>
public static class Optimizers
{
    /// <summary>An optimizer of some parameter groups, with the settings of the arguments.</summary>
    /// <param name="args">adam_beta1, adam_beta2, adam_epsilon, and <c>optim_args</c> for what only one optimizer has.</param>
    /// <param name="groups">What to update.</param>
    /// <exception cref="InvalidArgumentException">The optimizer is not for this machine, or optim_args has what it does not know.</exception>
    public static Optimizer Create(TrainingArguments args, IReadOnlyList<ParameterGroup> groups)
    {
        var name = EnumNames.OptimizerNames.Value(args.Optim);
        var own = new OptimizerArguments(args.OptimArgs, name);
        var optimizer = Create(args, groups, own);
        own.RefuseOthers();
        return optimizer;
    }

    private static Optimizer Create(TrainingArguments args, IReadOnlyList<ParameterGroup> groups, OptimizerArguments own)
    {
        var (beta1, beta2, epsilon) = (args.AdamBeta1, args.AdamBeta2, args.AdamEpsilon);
        return args.Optim switch
        {
            OptimizerNames.AdamwTorch => new AdamW(groups, beta1, beta2, epsilon, amsgrad: own.Flag("amsgrad", false)),
            OptimizerNames.AdamwTorchFused or OptimizerNames.AdamwApexFused => new AdamW(
                groups, beta1, beta2, epsilon, fused: true, amsgrad: own.Flag("amsgrad", false)),
            OptimizerNames.AdamwHf => new AdamW(
                groups, beta1, beta2, epsilon, isTransformers: true, correctBias: own.Flag("correct_bias", true)),
            OptimizerNames.AdamwAnyprecision => new AnyPrecisionAdamW(
                groups, beta1, beta2, epsilon, own.Flag("use_kahan_summation", false), own.DType("momentum_dtype", DType.Float32),
                own.DType("variance_dtype", DType.Float32), own.DType("compensation_buffer_dtype", DType.BFloat16)),
            OptimizerNames.Adafactor => Adafactor(groups, own),
            OptimizerNames.Sgd => new Sgd(
                groups, own.Number("momentum", 0), own.Number("dampening", 0), own.Flag("nesterov", false)),
            OptimizerNames.Adagrad => new Adagrad(
                groups, own.Number("lr_decay", 0), own.Number("eps", 1e-10), own.Number("initial_accumulator_value", 0)),
            OptimizerNames.Rmsprop => new RmsProp(
                groups, own.Number("alpha", 0.99), own.Number("eps", 1e-8), own.Number("momentum", 0), own.Flag("centered", false)),
            OptimizerNames.AdamwBnb or OptimizerNames.Adamw8Bit or OptimizerNames.PagedAdamw8Bit => new AdamW8Bit(
                groups, beta1, beta2, epsilon, Blocks(own)),
            OptimizerNames.PagedAdamw => AdamW.OfBitsAndBytes(groups, beta1, beta2, epsilon),
            OptimizerNames.Lion or OptimizerNames.PagedLion => new Lion(groups, beta1, beta2),
            OptimizerNames.Lion8Bit or OptimizerNames.PagedLion8Bit => new Lion8Bit(groups, beta1, beta2, Blocks(own)),
            _ => throw new InvalidArgumentException(
                "optim", $"is \"{EnumNames.OptimizerNames.Value(args.Optim)}\", which is not supported: {Refusal(args.Optim)}"),
        };
    }

    /// <summary>Why an optimizer is refused and what to use instead; null for one that works.</summary>
    internal static string? Refusal(OptimizerNames name) => name switch
    {
        OptimizerNames.AdamwTorchXla => "there is no backend for TPUs; use adamw_torch, whose update is the same",
        OptimizerNames.AdamwTorchNpuFused => "there is no backend for Ascend processors; use adamw_torch_fused, whose update is the same",
        _ => null,
    };

    private static Adafactor Adafactor(IReadOnlyList<ParameterGroup> groups, OptimizerArguments own)
    {
        var relative = own.Flag("relative_step", false);
        return new Adafactor(
            groups, own.Number("eps", 1e-30), own.Number("eps2", 1e-3), own.Number("clip_threshold", 1), own.Number("decay_rate", -0.8),
            own.Find("beta1"), own.Flag("scale_parameter", false), relative, own.Flag("warmup_init", false));
    }

    private static BlockwiseOptions Blocks(OptimizerArguments own) => new()
    {
        MinSize = own.Whole("min_8bit_size", 4096), BlockSize = own.Whole("blocksize", 256),
    };
}
