using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>
/// Adafactor (Shazeer and Stern, 2018, https://arxiv.org/abs/1804.04235; transformers.Adafactor): second moments of matrices kept by row and
/// column, so that the state of a weight [out, in] is out + in numbers.
/// </summary>
public sealed class Adafactor : Optimizer
{
    private readonly bool _relativeStep, _warmupInit, _hasMoment;
    private readonly FlatState? _expAvg;
    private readonly PerParameter<State> _state;

    /// <summary>The defaults are the Trainer's: with its learning rate. The class in Python has the two flags true.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="epsilon">Added to squared gradients.</param>
    /// <param name="smallestScale">The smallest root mean square of a parameter that counts (the second of Python's eps).</param>
    /// <param name="clipThreshold">The step's root mean square is brought down to this.</param>
    /// <param name="decayRate">The averages' decay is 1 − step^rate.</param>
    /// <param name="beta1">How much of the first moment stays; unset for none.</param>
    /// <param name="scaleParameter">Multiply the learning rate by the parameter's root mean square.</param>
    /// <param name="relativeStep">Take min(1e-2, 1/√step) for the learning rate, not that of the group.</param>
    /// <param name="warmupInit">With <paramref name="relativeStep"/>: 1e-6 · step instead of 1e-2.</param>
    public Adafactor(
        IReadOnlyList<ParameterGroup> groups, double epsilon = 1e-30, double smallestScale = 1e-3, double clipThreshold = 1,
        double decayRate = -0.8, double? beta1 = null, bool scaleParameter = false, bool relativeStep = false, bool warmupInit = false)
        : base(groups, new OptimizerOptions
        {
            { "eps", epsilon, smallestScale }, { "clip_threshold", clipThreshold }, { "decay_rate", decayRate }, { "beta1", beta1 },
            { "scale_parameter", scaleParameter }, { "relative_step", relativeStep }, { "warmup_init", warmupInit },
        })
    {
        if (warmupInit && !relativeStep)
        {
            throw new InvalidArgumentException("warmup_init", "is true, expected relative_step true with it");
        }
        (_relativeStep, _warmupInit, _hasMoment) = (relativeStep, warmupInit, beta1 is not null);
        _expAvg = _hasMoment ? AddState("exp_avg") : null;
        _state = new PerParameter<State>(groups, parameter => new State(parameter.Value));
    }

    /// <inheritdoc/>
    protected override bool WritesWholeSteps => true;

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var smallest = _warmupInit ? 1e-6 * range.Step : 1e-2;
        var settings = new AdafactorSettings(
            _relativeStep ? Math.Min(smallest, 1 / Math.Sqrt(range.Step)) : range.Group.LearningRate, range.Step)
        {
            Epsilon = range.Options.Number("eps", 0), SmallestScale = range.Options.Number("eps", 1),
            ClipThreshold = range.Options.Number("clip_threshold"), DecayRate = range.Options.Number("decay_rate"),
            Beta1 = _hasMoment ? range.Options.Number("beta1") : 0, WeightDecay = range.Group.WeightDecay,
            ScalesByParameter = range.Options.Flag("scale_parameter"),
        };
        for (var i = 0; i < range.Count; i++)
        {
            var state = range.Of(_state, i);
            range.Backend.Adafactor(
                range.Value(i), range.Gradient(i), state.Rows, state.Columns, state.ExpAvgSq, range.Of(_expAvg, i), state.Rms, settings);
        }
    }

    /// <inheritdoc/>
    protected override void WriteState(int group, int parameter, StateDictionary state)
    {
        base.WriteState(group, parameter, state);
        foreach (var (name, tensor) in _state[group, parameter].Named()) state.Add(name, TorchTensor.From(tensor));
    }

    /// <inheritdoc/>
    protected override void ReadState(int group, int parameter, StateDictionary state)
    {
        base.ReadState(group, parameter, state);
        foreach (var (name, tensor) in _state[group, parameter].Named())
        {
            // RMS is 0 and no tensor before the first step.
            if (state[name] is TorchTensor) Read(state, name, tensor);
        }
    }

    /// <inheritdoc/>
    protected override void Reset()
    {
        base.Reset();
        foreach (var state in _state.All)
        {
            foreach (var (_, tensor) in state.Named()) Backend.For(tensor).Fill(tensor, 0);
        }
    }

    private sealed class State
    {
        public State(Tensor value)
        {
            var sizes = value.Shape.Sizes;
            if (value.Rank < 2)
            {
                ExpAvgSq = Zeros(sizes, value);
            }
            else
            {
                Rows = Zeros(sizes[..^1], value);
                Columns = Zeros([.. sizes[..^2], sizes[^1]], value);
            }
            Rms = Zeros([], value);
        }

        public Tensor Rows { get; }

        public Tensor Columns { get; }

        public Tensor ExpAvgSq { get; }

        public Tensor Rms { get; }

        public IEnumerable<(string Name, Tensor Tensor)> Named() => Rows.IsAlive
            ? [("exp_avg_sq_row", Rows), ("exp_avg_sq_col", Columns), ("RMS", Rms)]
            : [("exp_avg_sq", ExpAvgSq), ("RMS", Rms)];

        private static Tensor Zeros(ReadOnlySpan<long> sizes, Tensor like) => Tensor.Zeros(new Shape(sizes), like.DType, like.Device);
    }
}
