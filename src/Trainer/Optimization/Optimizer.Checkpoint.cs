using NativeTrainer.Checkpoints;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

// The state of an optimizer into a file and out of it.
public abstract partial class Optimizer
{
    /// <summary>Whether <c>step</c> is a whole number in the file, as Transformers' own optimizers have it, and not a tensor as in torch.</summary>
    protected virtual bool WritesWholeSteps => false;

    /// <summary>Whether the file has <c>step</c> at all.</summary>
    protected virtual bool WritesSteps => true;

    /// <summary>The state as <c>optimizer.pt</c> holds it; its tensors are the live ones, to be saved at once.</summary>
    public OptimizerFile ToFile()
    {
        var file = new OptimizerFile();
        var number = 0L;
        for (var g = 0; g < Groups.Count; g++)
        {
            var group = Groups[g];
            var first = number;
            for (var i = 0; i < group.Flat.Parameters.Count; i++, number++)
            {
                if (_steps[g][i] == 0) continue;
                var state = new StateDictionary();
                if (WritesSteps) state.Add("step", WritesWholeSteps ? _steps[g][i] : TorchTensor.Scalar((float)_steps[g][i]));
                WriteState(g, i, state);
                if (state.Count > 0) file.State.Add(number, state);
            }
            var options = new StateDictionary { { "weight_decay", group.WeightDecay }, { "lr", group.LearningRate } };
            foreach (var (name, value) in _options[g]) options.Add(name, value);
            if (group.InitialLearningRate is { } initial) options.Add("initial_lr", initial);
            options.Add("params", Enumerable.Range(0, group.Flat.Parameters.Count).Select(i => (object?)(first + i)).ToList());
            file.Groups.Add(options);
        }
        return file;
    }

    /// <summary>Takes over the state of a file: rates and moments group by group, parameter by parameter.</summary>
    /// <exception cref="CheckpointException">Another number of groups or parameters, or a state that does not fit.</exception>
    public void Load(OptimizerFile file, string path)
    {
        foreach (var steps in _steps) Array.Clear(steps);
        Reset();
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
            if (options["lr"] is not null) group.LearningRate = options.Number("lr");
            group.WeightDecay = options.Number("weight_decay");
            group.InitialLearningRate = options.Contains("initial_lr") ? options.Number("initial_lr") : group.InitialLearningRate;
            _options[g].Load(options);
            for (var i = 0; i < numbers.Length; i++)
            {
                if (!file.State.TryGetValue(numbers[i], out var state)) continue;
                _steps[g][i] = WritesSteps ? state.Whole("step") : 1;
                ReadState(g, i, state);
            }
        }
    }

    /// <summary>Adds what is kept for a parameter to its entry in the file; here the states of <see cref="AddState"/>.</summary>
    protected virtual void WriteState(int group, int parameter, StateDictionary state)
    {
        foreach (var kept in _states) state.Add(kept.Name, TorchTensor.From(Groups[group].Flat.View(kept[group], parameter)));
    }

    /// <summary>Takes what is kept for a parameter from its entry in the file.</summary>
    protected virtual void ReadState(int group, int parameter, StateDictionary state)
    {
        foreach (var kept in _states) Read(state, kept.Name, Groups[group].Flat.View(kept[group], parameter));
    }

    /// <summary>Sets what is kept to what it is before the first step.</summary>
    protected virtual void Reset()
    {
        foreach (var state in _states) state.Reset();
    }

    /// <summary>Copies a tensor of the file, converting its dtype; another shape is an error.</summary>
    protected internal static void Read(StateDictionary state, string name, Tensor target)
    {
        var source = state.Tensor(name);
        if (source.Shape != target.Shape) throw state.Wrong($"has {name} of shape {source.Shape}, expected {target.Shape}");
        Backend.For(target).Copy(source.ToTensor(), target);
    }
}
