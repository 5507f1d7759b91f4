using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019,
/// https://arxiv.org/abs/1711.05101), one fused pass over each group.</summary>
/// <remarks>
/// Two variants that differ in the last digits: PyTorch's (<c>adamw_torch</c>: decay
/// first, epsilon after the bias correction) and transformers' own
/// (<c>adamw_hf</c>: epsilon before it, decay after the step).
/// </remarks>
public sealed class AdamW : Optimizer
{
    private readonly bool _isTransformers;
    private readonly bool? _fused;
    private readonly State[] _states;

    /// <summary>Moments of 0 for every parameter.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="beta1">Decay of the running mean of gradients.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="isTransformers">Transformers' variant instead of PyTorch's.</param>
    /// <param name="fused">What the checkpoint says of <c>fused</c>; the update is the same.</param>
    public AdamW(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool isTransformers = false,
        bool? fused = null)
        : base(groups)
    {
        (_isTransformers, _fused) = (isTransformers, fused);
        _states = [.. groups.Select(group => new State(group, beta1, beta2, epsilon))];
    }

    /// <inheritdoc/>
    protected override object? StepState => _isTransformers ? StepCount : base.StepState;

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, Tensor gradientScale)
    {
        var state = Of(group);
        var settings = new AdamWSettings
        {
            LearningRate = group.LearningRate,
            Beta1 = state.Beta1,
            Beta2 = state.Beta2,
            Epsilon = state.Epsilon,
            WeightDecay = group.WeightDecay,
            Step = StepCount,
            IsTransformers = _isTransformers,
        };
        Backend.For(group.Flat.Values).AdamW(
            group.Flat.Values, group.Flat.Gradients, state.ExpAvg, state.ExpAvgSq, settings, gradientScale: gradientScale,
            zeroGradients: true);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Name, Tensor Flat)> States(ParameterGroup group) =>
        [("exp_avg", Of(group).ExpAvg), ("exp_avg_sq", Of(group).ExpAvgSq)];

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, object?>> Options(ParameterGroup group)
    {
        var state = Of(group);
        yield return new("betas", new object?[] { state.Beta1, state.Beta2 });
        yield return new("eps", state.Epsilon);
        if (_isTransformers)
        {
            yield return new("correct_bias", true);
            yield break;
        }
        foreach (var name in (string[])["amsgrad", "maximize"]) yield return new(name, false);
        yield return new("foreach", null);
        foreach (var name in (string[])["capturable", "differentiable"]) yield return new(name, false);
        yield return new("fused", _fused);
        yield return new("decoupled_weight_decay", true);
    }

    /// <inheritdoc/>
    protected override void LoadOptions(ParameterGroup group, StateDictionary options)
    {
        var state = Of(group);
        var betas = options.Numbers("betas");
        (state.Beta1, state.Beta2, state.Epsilon) = (betas[0], betas[1], options.Number("eps"));
    }

    private State Of(ParameterGroup group)
    {
        for (var i = 0; i < _states.Length; i++)
        {
            if (ReferenceEquals(Groups[i], group)) return _states[i];
        }
        throw new ArgumentException("the group does not belong to this optimizer", nameof(group));
    }

    private sealed class State
    {
        public State(ParameterGroup group, double beta1, double beta2, double epsilon)
        {
            (Beta1, Beta2, Epsilon) = (beta1, beta2, epsilon);
            using var outside = TensorPool.Suspend();
            ExpAvg = Tensor.Zeros(group.Flat.Values.Shape, group.Flat.Values.DType, group.Flat.Values.Device);
            ExpAvgSq = Tensor.Zeros(group.Flat.Values.Shape, group.Flat.Values.DType, group.Flat.Values.Device);
        }

        public double Beta1 { get; set; }

        public double Beta2 { get; set; }

        public double Epsilon { get; set; }

        public Tensor ExpAvg { get; }

        public Tensor ExpAvgSq { get; }
    }
}
