using NativeTrainer.Checkpoints;

namespace NativeTrainer;

/// <summary>Changes the learning rates of an optimizer's parameter groups as training goes on.</summary>
public abstract class LearningRateScheduler
{
    /// <summary>Takes the groups over; the first schedule of a group notes its learning rate as the initial one.</summary>
    protected LearningRateScheduler(IReadOnlyList<ParameterGroupOptions> groups) => Groups = groups;

    /// <summary>The groups whose learning rates it sets.</summary>
    public IReadOnlyList<ParameterGroupOptions> Groups { get; }

    /// <summary>The learning rates that it set last, a group each: those of the next step.</summary>
    public abstract IReadOnlyList<double> LastLearningRates { get; }

    /// <summary>The last learning rate of the first group, which logs show.</summary>
    public double LastLearningRate => LastLearningRates[0];

    /// <summary>Whether it waits for an evaluation's metric (<see cref="ReduceLearningRateOnPlateau"/>) instead of steps.</summary>
    public virtual bool NeedsMetric => false;

    /// <summary>Sets the learning rates of the next step; called once after each update.</summary>
    public abstract void Step();

    /// <summary>What <c>scheduler.pt</c> holds, in torch's names and order.</summary>
    public abstract StateDictionary StateDict();

    /// <summary>
    /// Goes on from a state. As in torch the groups keep the learning rates that they have (those of the optimizer's own state); the next
    /// step sets new ones.
    /// </summary>
    /// <exception cref="CheckpointException">A key that is needed is missing or of the wrong kind.</exception>
    public abstract void LoadStateDict(StateDictionary state);

    // Keeps whole numbers whole, so that a state that is only passed on stays as it is.
    private protected static Number Find(StateDictionary state, string key, Number missing)
    {
        if (!state.Contains(key)) return missing;
        return state[key] is long or int ? (Number)state.Whole(key) : (Number)state.Number(key);
    }

    private protected void CopyRates(StateDictionary state, string key, double[] rates)
    {
        if (!state.Contains(key)) return;
        var found = state.Numbers(key);
        if (found.Length != rates.Length)
        {
            throw state.Wrong($"'{key}' has {found.Length} numbers, expected {rates.Length}, one for each parameter group");
        }
        found.CopyTo(rates, 0);
    }
}
