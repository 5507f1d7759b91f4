using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Makes the optimizer that <c>optim</c> names.</summary>
/// <remarks>docs/optimizers.md has the table: name, class, bytes of state, paper, options.</remarks>
public static class Optimizers
{
    private static readonly string[] Heads = ["lm_head.weight", "score.weight", "classifier.weight", "qa_outputs.weight", "decoder.weight"];

    /// <summary>An optimizer of some parameter groups, with the settings of the arguments.</summary>
    /// <param name="args">adam_beta1, adam_beta2, adam_epsilon, and <c>optim_args</c> for what only one optimizer has.</param>
    /// <param name="groups">What to update.</param>
    /// <param name="model">Whose embeddings and head are not Muon's; without it all weights of two axes are.</param>
    /// <exception cref="InvalidArgumentException">The optimizer is not for this machine, or optim_args has what it does not know.</exception>
    public static Optimizer Create(TrainingArguments args, IReadOnlyList<ParameterGroup> groups, Module? model = null)
    {
        var name = EnumNames.OptimizerNames.Value(args.Optim);
        var own = new OptimizerArguments(args.OptimArgs, name);
        var optimizer = Create(args, groups, own, Hidden(model));
        own.RefuseOthers();
        return optimizer;
    }

    private static Optimizer Create(
        TrainingArguments args, IReadOnlyList<ParameterGroup> groups, OptimizerArguments own, Func<Parameter, bool>? isHidden)
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
            OptimizerNames.AdamwBnb or OptimizerNames.Adamw8Bit or OptimizerNames.PagedAdamw8Bit
                or OptimizerNames.AdamwTorch8Bit => new AdamW8Bit(
                groups, beta1, beta2, epsilon, Blocks(own)),
            OptimizerNames.PagedAdamw => AdamW.OfBitsAndBytes(groups, beta1, beta2, epsilon),
            OptimizerNames.Lion or OptimizerNames.PagedLion => new Lion(groups, beta1, beta2),
            OptimizerNames.Lion8Bit or OptimizerNames.PagedLion8Bit => new Lion8Bit(groups, beta1, beta2, Blocks(own)),
            OptimizerNames.AdEMAMix => new AdEMAMix(
                groups, beta1, beta2, own.Number("beta3", 0.9999), own.Number("alpha", 5), epsilon, own.Whole("t_alpha", 0),
                own.Whole("t_beta3", 0)),
            OptimizerNames.AdEMAMix8Bit => new AdEMAMix8Bit(
                groups, beta1, beta2, own.Number("beta3", 0.9999), own.Number("alpha", 5), epsilon, own.Whole("t_alpha", 0),
                own.Whole("t_beta3", 0), Blocks(own)),
            OptimizerNames.ScheduleFreeAdamW => new ScheduleFreeAdamW(
                groups, beta1, beta2, epsilon, args.WarmupSteps, own.Number("r", 0), own.Number("weight_lr_power", 2)),
            OptimizerNames.StableAdamW => new StableAdamW(groups, beta1, beta2, epsilon),
            OptimizerNames.Muon => new Muon(
                groups, own.Number("momentum", 0.95), own.Flag("nesterov", true), own.Whole("ns_steps", 5),
                own.Choice("adjust_lr_fn", "match_rms_adamw", "match_rms_adamw", "original") == "match_rms_adamw", beta1, beta2, epsilon,
                isHidden),
            _ => throw new InvalidArgumentException(
                "optim", $"is \"{EnumNames.OptimizerNames.Value(args.Optim)}\", which is not supported: {Refusal(args.Optim)}"),
        };
    }

    /// <summary>The settings that an optimizer takes from the arguments, as Transformers names them.</summary>
    /// <exception cref="InvalidArgumentException">The optimizer is refused, or optim_args is malformed.</exception>
    internal static OrderedDictionary<string, object?> Settings(TrainingArguments args)
    {
        var name = EnumNames.OptimizerNames.Value(args.Optim);
        if (Refusal(args.Optim) is { } instead) throw new InvalidArgumentException("optim", $"is \"{name}\", which is not supported: {instead}");
        var settings = new OrderedDictionary<string, object?> { ["lr"] = (double)args.LearningRate };
        var hasBetas = name.Contains("adam", StringComparison.Ordinal) || name.Contains("lion", StringComparison.Ordinal);
        if (hasBetas) settings["betas"] = new List<object?> { (double)args.AdamBeta1, (double)args.AdamBeta2 };
        if (name.Contains("adam", StringComparison.Ordinal)) settings["eps"] = (double)args.AdamEpsilon;
        foreach (var (key, value) in new OptimizerArguments(args.OptimArgs, name).Given) settings[key] = value;
        return settings;
    }

    /// <summary>Why an optimizer is refused and what to use instead; null for one that works.</summary>
    internal static string? Refusal(OptimizerNames name) => name switch
    {
        OptimizerNames.AdamwTorchXla => "there is no backend for TPUs; use adamw_torch, whose update is the same",
        OptimizerNames.AdamwTorchNpuFused => "there is no backend for Ascend processors; use adamw_torch_fused, whose update is the same",
        _ => null,
    };

    // Not the weights that tokens come in and go out by (the first and last layers of Muon's authors).
    private static Func<Parameter, bool>? Hidden(Module? model)
    {
        if (model is null) return null;
        var outer = model.NamedModules().Where(entry => entry.Module is Embedding).Select(entry => ((Embedding)entry.Module).Weight).ToHashSet();
        foreach (var (name, parameter) in model.NamedParameters())
        {
            if (Heads.Any(head => name == head || name.EndsWith('.' + head))) outer.Add(parameter);
        }
        return parameter => !outer.Contains(parameter);
    }

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
