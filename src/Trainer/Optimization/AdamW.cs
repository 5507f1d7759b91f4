using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019,
/// https://arxiv.org/abs/1711.05101), one fused pass over each group.</summary>
/// <remarks>
/// Variants that differ in the last digits: PyTorch's (<c>adamw_torch</c>, <c>adamw_torch_fused</c>, <c>adamw_apex_fused</c>: decay first,
/// epsilon after the bias correction) and transformers' own (<c>adamw_hf</c>: epsilon before it, decay after the step).
/// <c>paged_adamw_32bit</c> is PyTorch's with bitsandbytes' names in the file, see <see cref="OfBitsAndBytes"/>.
/// </remarks>
public sealed class AdamW : Optimizer
{
    private readonly bool _isTransformers, _isBitsAndBytes;
    private readonly FlatState _expAvg, _expAvgSq;
    private readonly FlatState? _maxExpAvgSq;

    /// <summary>Moments of 0 for every parameter.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="beta1">Decay of the running mean of gradients.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="isTransformers">Transformers' variant instead of PyTorch's.</param>
    /// <param name="fused">What the checkpoint says of <c>fused</c>; the update is the same.</param>
    /// <param name="amsgrad">Divide by the largest second moment so far (https://arxiv.org/abs/1904.09237); PyTorch's variant only.</param>
    /// <param name="maximize">Climb instead of descend; PyTorch's variant only.</param>
    /// <param name="correctBias">False leaves the moments uncorrected, as BERT's optimizer did; transformers' variant only.</param>
    public AdamW(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool isTransformers = false,
        bool? fused = null, bool amsgrad = false, bool maximize = false, bool correctBias = true)
        : base(groups, isTransformers
            ? new OptimizerOptions { { "betas", beta1, beta2 }, { "eps", epsilon }, { "correct_bias", correctBias } }
            : TorchOptions(beta1, beta2, epsilon, amsgrad, maximize, fused))
    {
        if (isTransformers && (amsgrad || maximize)) throw new ArgumentException("transformers' AdamW has neither amsgrad nor maximize");
        if (!isTransformers && !correctBias) throw new ArgumentException("PyTorch's AdamW always corrects the bias", nameof(correctBias));
        _isTransformers = isTransformers;
        (_expAvg, _expAvgSq) = (AddState("exp_avg"), AddState("exp_avg_sq"));
        _maxExpAvgSq = amsgrad ? AddState("max_exp_avg_sq") : null;
    }

    private AdamW(IReadOnlyList<ParameterGroup> groups, double beta1, double beta2, double epsilon)
        : base(groups, new OptimizerOptions { { "betas", beta1, beta2 }, { "eps", epsilon } })
    {
        _isBitsAndBytes = true;
        (_expAvg, _expAvgSq) = (AddState("state1"), AddState("state2"));
    }

    /// <inheritdoc/>
    protected override bool WritesWholeSteps => _isTransformers || _isBitsAndBytes;

    /// <summary>AdamW as bitsandbytes has it in 32 bits: PyTorch's update, states called state1 and state2.</summary>
    public static AdamW OfBitsAndBytes(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new(groups, beta1, beta2, epsilon);

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var options = range.Options;
        var settings = new AdamWSettings
        {
            LearningRate = range.Group.LearningRate,
            Beta1 = options.Number("betas", 0),
            Beta2 = options.Number("betas", 1),
            Epsilon = options.Number("eps"),
            WeightDecay = range.Group.WeightDecay,
            Step = range.Step,
            Variant = _isTransformers ? AdamWVariant.Transformers : AdamWVariant.Torch,
            CorrectBias = !_isTransformers || options.Flag("correct_bias"),
            Maximize = !WritesWholeSteps && options.Flag("maximize"),
        };
        range.Backend.AdamW(range.Values, range.Gradients, range.Of(_expAvg), range.Of(_expAvgSq), settings, range.Of(_maxExpAvgSq));
    }

    private static OptimizerOptions TorchOptions(
        double beta1, double beta2, double epsilon, bool amsgrad, bool maximize, bool? fused)
    {
        var options = new OptimizerOptions { { "betas", beta1, beta2 }, { "eps", epsilon } };
        options.AddSwitch("amsgrad", amsgrad);
        options.Add("maximize", maximize);
        options.Add("foreach", null);
        options.Add("capturable", false);
        options.Add("differentiable", false);
        options.Add("fused", fused);
        options.AddSwitch("decoupled_weight_decay", true);
        return options;
    }
}
