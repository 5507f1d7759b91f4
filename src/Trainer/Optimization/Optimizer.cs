using NativeTrainer.Kernels;
using NativeTrainer.Loop;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Updates parameters from their gradients, a flat buffer of each group at a time.</summary>
/// <remarks>
/// To write one: keep what it needs in <see cref="AddState"/>, which is saved by its name, and override <see cref="Update"/>. See
/// samples/OwnOptimizer.
/// </remarks>
public abstract partial class Optimizer
{
    private readonly List<FlatState> _states = [];
    private readonly OptimizerOptions[] _options;
    private readonly long[][] _steps;
    private readonly Tensor _squares, _norm, _scale, _skip;

    /// <summary>An optimizer of some groups, which share dtype and device.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="options">Its settings, the same for all groups at first.</param>
    protected Optimizer(IReadOnlyList<ParameterGroup> groups, OptimizerOptions? options = null)
    {
        if (groups.Count == 0) throw new ArgumentException("an optimizer needs at least one parameter group, found none", nameof(groups));
        Groups = groups;
        _options = [.. groups.Select(_ => (options ?? []).Copy())];
        _steps = [.. groups.Select(group => new long[group.Flat.Parameters.Count])];
        using var outside = TensorPool.Suspend();
        var first = groups[0].Flat.Values;
        _squares = Tensor.Zeros([], DType.Float64, first.Device);
        (_norm, _scale) = (Tensor.Zeros([], first.DType, first.Device), Tensor.Zeros([], first.DType, first.Device));
        _skip = Tensor.Zeros([], DType.Float32, first.Device);
    }

    /// <summary>The groups, in the order of the checkpoint file.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>How many updates the parameter has had that had most.</summary>
    public long StepCount
    {
        get
        {
            var most = 0L;
            foreach (var steps in _steps)
            {
                foreach (var step in steps) most = Math.Max(most, step);
            }
            return most;
        }
    }

    /// <summary>The norm of all gradients together, before clipping, of the last update that was clipped.</summary>
    public double LastGradientNorm => Numbers.Scalar(_norm);

    /// <summary>Whether the last call of <see cref="Step"/> changed nothing because a gradient was infinite or nan.</summary>
    public bool LastStepSkipped { get; private set; }

    /// <summary>Makes one update and sets the gradients to 0. Parameters that no gradient came to stay as they are.</summary>
    /// <param name="maxGradientNorm">The gradients are scaled down to this norm over all groups; 0 leaves them as they are.</param>
    /// <param name="inverseScale">
    /// One element on the device: 1 / loss scale, by which the gradients are multiplied first. With it, gradients that are not all finite
    /// skip the update (<see cref="LastStepSkipped"/>).
    /// </param>
    public void Step(double maxGradientNorm = 0, Tensor inverseScale = default)
    {
        var (scale, skip) = GradientScale(maxGradientNorm, inverseScale);
        var all = !AnyGradient(); // then they were written by hand
        BeginStep();
        for (var g = 0; g < Groups.Count; g++)
        {
            var (flat, steps) = (Groups[g].Flat, _steps[g]);
            for (int i = 0, end; i < steps.Length; i = end)
            {
                end = i + 1;
                if (!all && !flat.Parameters[i].HasGradient) continue;
                while (end < steps.Length && steps[end] == steps[i] && (all || flat.Parameters[end].HasGradient)) end++;
                Update(new ParameterRange(Groups[g], g, _options[g], i, end - i, steps[i] + 1, scale, skip));
            }
            flat.Values.MarkChanged();
        }
        LastStepSkipped = skip.IsAlive && Numbers.Scalar(skip) != 0;
        for (var g = 0; g < Groups.Count; g++)
        {
            for (var i = 0; i < _steps[g].Length; i++)
            {
                var parameter = Groups[g].Flat.Parameters[i];
                if (!LastStepSkipped && (all || parameter.HasGradient)) _steps[g][i]++;
                parameter.HasGradient = false;
            }
        }
        if (!LastStepSkipped) EndStep();
    }

    /// <summary>Sets all gradients to 0.</summary>
    public void ZeroGrad()
    {
        foreach (var group in Groups)
        {
            Backend.For(group.Flat.Gradients).Fill(group.Flat.Gradients, 0);
            foreach (var parameter in group.Flat.Parameters) parameter.HasGradient = false;
        }
    }

    /// <summary>Gradients were written from outside: parameters that have one other than 0 count as having a gradient.</summary>
    public void NoticeGradients()
    {
        foreach (var group in Groups)
        {
            for (var i = 0; i < group.Flat.Parameters.Count; i++)
            {
                Backend.For(_squares).SquaredNorm(group.Flat.View(group.Flat.Gradients, i), _squares);
                if (_squares.Item<double>() != 0) group.Flat.Parameters[i].HasGradient = true;
            }
        }
    }

    /// <summary>
    /// Puts the weights in place that training goes on from, where an optimizer has others for evaluation; nothing to do for most.
    /// </summary>
    public virtual void Train()
    {
    }

    /// <summary>Puts the weights in place that are evaluated and saved (an average of them, say).</summary>
    public virtual void Eval()
    {
    }

    /// <summary>Called before the updates of a step.</summary>
    protected virtual void BeginStep()
    {
    }

    /// <summary>Called after the updates of a step, unless it was skipped.</summary>
    protected virtual void EndStep()
    {
    }

    /// <summary>Updates some parameters, and sets their gradients to 0.</summary>
    protected abstract void Update(in ParameterRange range);

    /// <summary>Keeps a number for each element, 0 at first or another; it is saved by its name.</summary>
    /// <param name="name">Its name in <c>optimizer.pt</c>.</param>
    /// <param name="dtype">The weights' where it is left out.</param>
    /// <param name="initial">What it is before the first step.</param>
    protected FlatState AddState(string name, DType? dtype = null, double initial = 0)
    {
        var state = new FlatState(name, Groups, dtype, initial);
        _states.Add(state);
        return state;
    }

    /// <summary>How many updates a parameter has had.</summary>
    protected long StepsOf(int group, int parameter) => _steps[group][parameter];

    /// <summary>The settings of a group.</summary>
    protected OptimizerOptions OptionsOf(int group) => _options[group];

    // What gradients are multiplied with, and whether nothing is done, stay on the device: no update waits for a number to come back.
    private (Tensor Scale, Tensor Skip) GradientScale(double maxNorm, Tensor inverseScale)
    {
        if (maxNorm <= 0 && !inverseScale.IsAlive) return default;
        var backend = Backend.For(_squares);
        backend.Fill(_squares, 0);
        for (var i = 0; i < Groups.Count; i++) backend.SquaredNorm(Groups[i].Flat.Gradients, _squares, accumulate: true);
        if (!inverseScale.IsAlive)
        {
            backend.ClipCoefficient(_squares, 2, maxNorm, _norm, _scale);
            return (_scale, default);
        }
        backend.UpdateScale(_squares, inverseScale, maxNorm, _norm, _scale, _skip);
        return (_scale, _skip);
    }

    private bool AnyGradient()
    {
        foreach (var group in Groups)
        {
            for (var i = 0; i < group.Flat.Parameters.Count; i++)
            {
                if (group.Flat.Parameters[i].HasGradient) return true;
            }
        }
        return false;
    }
}
