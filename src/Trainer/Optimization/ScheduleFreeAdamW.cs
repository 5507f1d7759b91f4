using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>
/// Schedule-free AdamW (Defazio and others, 2024, https://arxiv.org/abs/2405.15682): an average of the weights takes the place of a falling
/// learning rate, so use it with a constant schedule. Evaluation and saved models have the average. Newer than Transformers 4.37.
/// </summary>
public sealed class ScheduleFreeAdamW : Optimizer
{
    private readonly FlatState _points, _expAvgSq;
    private bool _evaluates;

    /// <summary>The average begins at the weights of the first step; the settings' names are those of the authors' code.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="beta1">How far gradients are taken from the average towards the last point.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="warmupSteps">Steps over which the learning rate rises, beside what the schedule does.</param>
    /// <param name="r">The power of the step in the average's weights.</param>
    /// <param name="weightPower">The power of the learning rate in the average's weights (weight_lr_power).</param>
    public ScheduleFreeAdamW(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, long warmupSteps = 0,
        double r = 0, double weightPower = 2)
        : base(groups, new OptimizerOptions
        {
            { "betas", beta1, beta2 }, { "eps", epsilon }, { "r", r }, { "k", 0L }, { "warmup_steps", warmupSteps },
            { "train_mode", true }, { "weight_sum", 0.0 }, { "lr_max", -1.0 }, { "scheduled_lr", 0.0 },
            { "weight_lr_power", weightPower },
        })
    {
        if (!(beta1 > 0)) throw InvalidArgumentException.Value("adam_beta1", beta1, "a number above 0 with schedule_free_adamw");
        (_points, _expAvgSq) = (AddState("z"), AddState("exp_avg_sq"));
    }

    /// <inheritdoc/>
    protected override bool WritesSteps => true;

    /// <inheritdoc/>
    public override void Train()
    {
        if (_evaluates) Move(train: true);
    }

    /// <inheritdoc/>
    public override void Eval()
    {
        if (!_evaluates) Move(train: false);
    }

    /// <inheritdoc/>
    protected override void BeginStep()
    {
        Train();
        for (var g = 0; g < Groups.Count; g++)
        {
            var options = OptionsOf(g);
            var step = options.Number("k") + 1;
            var warmup = options.Number("warmup_steps");
            var rate = Groups[g].LearningRate * (step < warmup ? step / warmup : 1);
            options.Set("scheduled_lr", rate);
            options.Set("lr_max", Math.Max(rate, options.Number("lr_max")));
        }
    }

    /// <inheritdoc/>
    protected override void EndStep()
    {
        for (var g = 0; g < Groups.Count; g++)
        {
            var options = OptionsOf(g);
            options.Set("weight_sum", options.Number("weight_sum") + Weight(options));
            options.Set("k", (long)options.Number("k") + 1);
        }
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var options = range.Options;
        if (range.Step == 1) range.Backend.Copy(range.Values, range.Of(_points));
        var (weight, sum) = (Weight(options), options.Number("weight_sum"));
        var settings = new ScheduleFreeSettings(options.Number("scheduled_lr"), (long)options.Number("k") + 1)
        {
            Beta1 = options.Number("betas", 0), Beta2 = options.Number("betas", 1), Epsilon = options.Number("eps"),
            WeightDecay = range.Group.WeightDecay, Share = weight == 0 ? 0 : weight / (sum + weight),
        };
        range.Backend.ScheduleFreeAdamW(range.Values, range.Gradients, range.Of(_points), range.Of(_expAvgSq), settings);
    }

    /// <inheritdoc/>
    protected override void ReadState(int group, int parameter, StateDictionary state)
    {
        base.ReadState(group, parameter, state);
        _evaluates = !OptionsOf(group).Flag("train_mode"); // the weights beside the file are those of its mode
    }

    /// <inheritdoc/>
    protected override void Reset()
    {
        base.Reset();
        _evaluates = false;
    }

    private static double Weight(OptimizerOptions options) =>
        Math.Pow(options.Number("k") + 1, options.Number("r")) * Math.Pow(options.Number("lr_max"), options.Number("weight_lr_power"));

    // Between where gradients are taken and the average: both lie on a line with z.
    private void Move(bool train)
    {
        for (var g = 0; g < Groups.Count; g++)
        {
            var (group, beta1) = (Groups[g], OptionsOf(g).Number("betas", 0));
            for (var i = 0; i < group.Flat.Parameters.Count; i++)
            {
                if (StepsOf(g, i) == 0) continue;
                var value = group.Flat.View(group.Flat.Values, i);
                Backend.For(value).Lerp(value, group.Flat.View(_points[g], i), train ? 1 - beta1 : 1 - (1 / beta1));
            }
            group.Flat.Values.MarkChanged();
            OptionsOf(g).Set("train_mode", train);
        }
        _evaluates = !train;
    }
}
