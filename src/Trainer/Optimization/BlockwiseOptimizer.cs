using NativeTrainer.Autograd;
using NativeTrainer.Checkpoints;

namespace NativeTrainer.Optimization;

/// <summary>An optimizer with moments of 8 bits, kept for each parameter in blocks; parameters are float32.</summary>
public abstract class BlockwiseOptimizer : Optimizer
{
    private readonly PerParameter<BlockwiseMoment[]> _moments;

    /// <param name="groups">What to update.</param>
    /// <param name="options">Settings with names of the file.</param>
    /// <param name="blocks">Which parameters have moments of 8 bits, and the blocks.</param>
    /// <param name="signed">For each moment whether it can be negative.</param>
    private protected BlockwiseOptimizer(
        IReadOnlyList<ParameterGroup> groups, OptimizerOptions options, BlockwiseOptions blocks, bool[] signed)
        : base(groups, options)
    {
        if (blocks.BlockSize < 1) throw InvalidArgumentException.Value("blocksize", blocks.BlockSize, "a whole number from 1 up");
        _moments = new PerParameter<BlockwiseMoment[]>(groups, Create);

        BlockwiseMoment[] Create(Parameter parameter) =>
            [.. signed.Select((isSigned, i) => new BlockwiseMoment(parameter.Value, i + 1, isSigned, blocks))];
    }

    /// <inheritdoc/>
    protected override bool WritesWholeSteps => true;

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        for (var i = 0; i < range.Count; i++) Update(range, i, range.Of(_moments, i));
    }

    /// <inheritdoc/>
    protected override void WriteState(int group, int parameter, StateDictionary state)
    {
        foreach (var moment in _moments[group, parameter]) moment.Write(state);
    }

    /// <inheritdoc/>
    protected override void ReadState(int group, int parameter, StateDictionary state)
    {
        foreach (var moment in _moments[group, parameter]) moment.Read(state);
    }

    /// <inheritdoc/>
    protected override void Reset()
    {
        foreach (var moment in _moments.All.SelectMany(moments => moments)) moment.Reset();
    }

    private protected abstract void Update(in ParameterRange range, int index, BlockwiseMoment[] moments);
}
