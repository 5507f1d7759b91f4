using NativeTrainer.Autograd;
using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>
/// Muon (Jordan and others, 2024, https://kellerjordan.github.io/posts/muon/) for weights of two axes: the momentum is brought to a matrix
/// whose singular values are all near 1. Everything else, embeddings too, is AdamW's. Newer than Transformers 4.37.
/// </summary>
/// <remarks>
/// So that one learning rate and decay serve both, steps are 0.2·√max(rows, columns) as large (Liu and others, 2025,
/// https://arxiv.org/abs/2502.16982); the original's factor is √max(1, rows / columns), with a learning rate of about 0.02.
/// </remarks>
public sealed class Muon : Optimizer
{
    private readonly PerParameter<State> _states;
    private readonly bool _matchesAdamW;

    /// <summary>Momentum of 0 for every parameter; the settings' names are those of torch.optim.Muon and AdamW.</summary>
    /// <param name="groups">What to update, float32 or float64.</param>
    /// <param name="momentum">How much of the momentum stays.</param>
    /// <param name="nesterov">Look ahead by one momentum step.</param>
    /// <param name="steps">Newton-Schulz iterations.</param>
    /// <param name="matchesAdamW">Steps as large as AdamW's; else the original's.</param>
    /// <param name="beta1">Of AdamW.</param>
    /// <param name="beta2">Of AdamW.</param>
    /// <param name="epsilon">Of AdamW.</param>
    /// <param name="isHidden">Whether a weight of two axes is Muon's; all are where it is left out.</param>
    public Muon(
        IReadOnlyList<ParameterGroup> groups, double momentum = 0.95, bool nesterov = true, int steps = 5, bool matchesAdamW = true,
        double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, Func<Parameter, bool>? isHidden = null)
        : base(groups, new OptimizerOptions
        {
            { "momentum", momentum }, { "nesterov", nesterov }, { "ns_steps", (long)steps }, { "betas", beta1, beta2 }, { "eps", epsilon },
        })
    {
        _matchesAdamW = matchesAdamW;
        _states = new PerParameter<State>(
            groups, parameter => new State(parameter.Value, parameter.Shape.Rank == 2 && (isHidden?.Invoke(parameter) ?? true)));
    }

    /// <summary>The nearest matrix whose singular values are near 1 (0.7 to 1.2), by iterations of a polynomial of degree 5.</summary>
    /// <param name="matrix">[rows, columns].</param>
    /// <param name="steps">Iterations.</param>
    public static Tensor Orthogonalize(Tensor matrix, int steps = 5)
    {
        using var silent = NoGrad.Enter();
        var isTall = matrix.Size(0) > matrix.Size(1);
        var x = isTall ? matrix.Transpose(0, 1) : matrix;
        x = x / ((x * x).Sum().Sqrt() + 1e-7);
        for (var i = 0; i < steps; i++)
        {
            var square = x.MatMul(x.Transpose(0, 1));
            x = (3.4445 * x) + ((-4.7750 * square) + (2.0315 * square.MatMul(square))).MatMul(x);
        }
        return isTall ? x.Transpose(0, 1) : x;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        for (var i = 0; i < range.Count; i++)
        {
            var state = range.Of(_states, i);
            if (state.Momentum.IsAlive) Step(range, range.Value(i), range.Gradient(i), state.Momentum);
            else StepAdamW(range, i, state);
        }
    }

    /// <inheritdoc/>
    protected override void WriteState(int group, int parameter, StateDictionary state)
    {
        foreach (var (name, tensor) in _states[group, parameter].Named()) state.Add(name, TorchTensor.From(tensor));
    }

    /// <inheritdoc/>
    protected override void ReadState(int group, int parameter, StateDictionary state)
    {
        foreach (var (name, tensor) in _states[group, parameter].Named()) Read(state, name, tensor);
    }

    /// <inheritdoc/>
    protected override void Reset()
    {
        foreach (var (_, tensor) in _states.All.SelectMany(state => state.Named())) Backend.For(tensor).Fill(tensor, 0);
    }

    private static void StepAdamW(in ParameterRange range, int index, State state)
    {
        var settings = new AdamWSettings
        {
            LearningRate = range.Group.LearningRate, Beta1 = range.Options.Number("betas", 0), Beta2 = range.Options.Number("betas", 1),
            Epsilon = range.Options.Number("eps"), WeightDecay = range.Group.WeightDecay, Step = range.Step,
        };
        range.Backend.AdamW(range.Value(index), range.Gradient(index), state.ExpAvg, state.ExpAvgSq, settings);
    }

    private void Step(in ParameterRange range, Tensor value, in UpdateGradients gradient, Tensor momentum)
    {
        using var silent = NoGrad.Enter();
        var factor = range.GradientScale;
        if (gradient.Skip.IsAlive && factor == 0)
        {
            range.Backend.Fill(gradient.Values, 0);
            return;
        }
        var keep = range.Options.Number("momentum");
        var g = gradient.Values * factor;
        range.Backend.Lerp(momentum, g, 1 - keep);
        if (range.Options.Flag("nesterov")) range.Backend.Lerp(g, momentum, keep);
        else g = momentum;
        var step = Orthogonalize(g, (int)range.Options.Number("ns_steps")).Contiguous();
        double rows = value.Size(0), columns = value.Size(1), rate = range.Group.LearningRate;
        var size = rate * (_matchesAdamW ? 0.2 * Math.Sqrt(Math.Max(rows, columns)) : Math.Sqrt(Math.Max(1, rows / columns)));

        // p (1 − rate·decay) − size·step, as plain descent with that share of the decay.
        var settings = new SgdSettings(size) { WeightDecay = size == 0 ? 0 : rate * range.Group.WeightDecay / size };
        range.Backend.Sgd(value, new UpdateGradients(step), default, settings);
        range.Backend.Fill(gradient.Values, 0);
    }

    private sealed class State
    {
        public State(Tensor value, bool isMuons)
        {
            if (isMuons) Momentum = Zeros(value);
            else (ExpAvg, ExpAvgSq) = (Zeros(value), Zeros(value));
        }

        public Tensor Momentum { get; }

        public Tensor ExpAvg { get; }

        public Tensor ExpAvgSq { get; }

        public IEnumerable<(string Name, Tensor Tensor)> Named() =>
            Momentum.IsAlive ? [("momentum_buffer", Momentum)] : [("exp_avg", ExpAvg), ("exp_avg_sq", ExpAvgSq)];

        private static Tensor Zeros(Tensor like) => Tensor.Zeros(like.Shape, like.DType, like.Device);
    }
}
