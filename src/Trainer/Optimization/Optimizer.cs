using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;
using NativeTrainer.Loop;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Updates parameters from their gradients, a flat buffer of each group at a time.</summary>
/// <remarks>To write one: keep the state in tensors laid out as <see cref="ParameterGroup.Flat"/>, and name it
/// in <see cref="States"/> to have it saved.</remarks>
public abstract class Optimizer
{
    private readonly Tensor _squares;
    private readonly Tensor _norm;
    private readonly Tensor _clip;

    /// <summary>An optimizer of some groups, which share dtype and device.</summary>
    protected Optimizer(IReadOnlyList<ParameterGroup> groups)
    {
        Groups = groups;
        using var outside = TensorPool.Suspend();
        var first = groups[0].Flat.Values;
        _squares = Tensor.Zeros([], DType.Float64, first.Device);
        (_norm, _clip) = (Tensor.Zeros([], first.DType, first.Device), Tensor.Zeros([], first.DType, first.Device));
    }

    /// <summary>The groups, in the order of the checkpoint file.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>How many updates have been made.</summary>
    public long StepCount { get; protected set; }

    /// <summary>The norm of all gradients together, before clipping, of the last update that was clipped.</summary>
    public double LastGradientNorm => Numbers.Scalar(_norm);

    /// <summary>Makes one update and sets the gradients to 0.</summary>
    /// <param name="maxGradientNorm">The gradients are scaled down to this norm over all groups; 0 leaves them as they are.</param>
    public void Step(double maxGradientNorm = 0)
    {
        var scale = maxGradientNorm > 0 ? ClipCoefficient(maxGradientNorm) : default;
        StepCount++;
        for (var i = 0; i < Groups.Count; i++)
        {
            var flat = Groups[i].Flat;
            if (flat.Values.ElementCount == 0) continue;
            Update(Groups[i], scale);
            flat.Values.MarkChanged();
        }
    }

    /// <summary>Sets all gradients to 0.</summary>
    public void ZeroGrad()
    {
        foreach (var group in Groups) Backend.For(group.Flat.Gradients).Fill(group.Flat.Gradients, 0);
    }

    /// <summary>Updates a group's weights, and sets its gradients to 0.</summary>
    /// <param name="group">Weights, gradients, learning rate, weight decay.</param>
    /// <param name="gradientScale">One number on the device that the gradients are multiplied by first; <c>default</c> for 1.</param>
    protected abstract void Update(ParameterGroup group, Tensor gradientScale);

    /// <summary>The tensors of a group's state by PyTorch's name, laid out as <see cref="ParameterGroup.Flat"/>.</summary>
    protected abstract IReadOnlyList<(string Name, Tensor Flat)> States(ParameterGroup group);

    /// <summary>A group's options with PyTorch's names and in PyTorch's order, between <c>lr</c> and <c>params</c>.</summary>
    protected abstract IEnumerable<KeyValuePair<string, object?>> Options(ParameterGroup group);

    /// <summary>Takes a group's own options from a checkpoint.</summary>
    protected abstract void LoadOptions(ParameterGroup group, StateDictionary options);

    /// <summary>The count of updates as the checkpoint holds it for each parameter.</summary>
    protected virtual object? StepState => TorchTensor.Scalar((float)StepCount);

    /// <summary>The state as <c>optimizer.pt</c> holds it; its tensors are the live ones, to be saved at once.</summary>
    public OptimizerFile ToFile()
    {
        var file = new OptimizerFile();
        var number = 0L;
        foreach (var group in Groups)
        {
            var states = States(group);
            var first = number;
            for (var i = 0; i < group.Flat.Parameters.Count; i++, number++)
            {
                if (StepCount == 0) continue;
                var state = new StateDictionary { { "step", StepState } };
                foreach (var (name, flat) in states) state.Add(name, TorchTensor.From(group.Flat.View(flat, i)));
                file.State.Add(number, state);
            }
            var options = new StateDictionary { { "weight_decay", group.WeightDecay }, { "lr", group.LearningRate } };
            foreach (var (name, value) in Options(group)) options.Add(name, value);
            options.Add("initial_lr", group.InitialLearningRate);
            options.Add("params", Enumerable.Range(0, group.Flat.Parameters.Count).Select(i => (object?)(first + i)).ToList());
            file.Groups.Add(options);
        }
        return file;
    }

    /// <summary>Takes over the state of a file: rates and moments group by group, parameter by parameter.</summary>
    /// <exception cref="CheckpointException">Another number of groups or parameters, or a state that does not fit.</exception>
    public void Load(OptimizerFile file, string path)
    {
        StepCount = 0;
        foreach (var (_, flat) in Groups.SelectMany(States)) Backend.For(flat).Fill(flat, 0);
        if (file.Groups.Count != Groups.Count)
        {
            throw new CheckpointException(path, $"has {file.Groups.Count} parameter groups, expected {Groups.Count}");
        }
        for (var g = 0; g < Groups.Count; g++)
        {
            var (group, options) = (Groups[g], file.Groups[g]);
            var numbers = OptimizerFile.Parameters(options);
            if (numbers.Length != group.Flat.Parameters.Count)
            {
                throw new CheckpointException(
                    path, $"has {numbers.Length} parameters in group {g}, expected {group.Flat.Parameters.Count}");
            }
            group.LearningRate = options.Number("lr");
            group.WeightDecay = options.Number("weight_decay");
            group.InitialLearningRate = options.Contains("initial_lr") ? options.Number("initial_lr") : group.InitialLearningRate;
            LoadOptions(group, options);
            for (var i = 0; i < numbers.Length; i++)
            {
                if (!file.State.TryGetValue(numbers[i], out var state)) continue;
                StepCount = Math.Max(StepCount, state.Whole("step"));
                foreach (var (name, flat) in States(group))
                {
                    var target = group.Flat.View(flat, i);
                    var source = state.Tensor(name);
                    if (source.Shape != target.Shape)
                    {
                        throw new CheckpointException(
                            path, $"has {name} of shape {source.Shape} for parameter {numbers[i]}, expected {target.Shape}");
                    }
                    Backend.For(target).Copy(source.ToTensor(), target);
                }
            }
        }
    }

    // The coefficient stays on the device: no update waits for a number to come back.
    private Tensor ClipCoefficient(double maxNorm)
    {
        var backend = Backend.For(_squares);
        backend.Fill(_squares, 0);
        for (var i = 0; i < Groups.Count; i++) backend.SquaredNorm(Groups[i].Flat.Gradients, _squares, accumulate: true);
        backend.ClipCoefficient(_squares, 2, maxNorm, _norm, _clip);
        return _clip;
    }
}
