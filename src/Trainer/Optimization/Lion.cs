using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>Lion (Chen and others, 2023, https://arxiv.org/abs/2302.06675): steps of the learning rate's size in the momentum's direction.
/// One state for each weight. It wants a learning rate three to ten times smaller than AdamW's, and as much more decay.</summary>
public sealed class Lion : Optimizer
{
    private readonly FlatState _momentum;

    /// <summary>A momentum of 0 for every parameter.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="beta1">The weight of the momentum in the step's direction.</param>
    /// <param name="beta2">How much of the momentum stays. The Trainer gives adam_beta2 (0.999), the paper 0.99.</param>
    public Lion(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.99)
        : base(groups, new OptimizerOptions { { "betas", beta1, beta2 } }) => _momentum = AddState("state1"); // bitsandbytes' name

    /// <inheritdoc/>
    protected override bool WritesWholeSteps => true;

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var settings = new LionSettings(range.Group.LearningRate)
        {
            Beta1 = range.Options.Number("betas", 0), Beta2 = range.Options.Number("betas", 1), WeightDecay = range.Group.WeightDecay,
        };
        range.Backend.Lion(range.Values, range.Gradients, range.Of(_momentum), settings);
    }
}
