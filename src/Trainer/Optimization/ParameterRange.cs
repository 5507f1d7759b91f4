using NativeTrainer.Kernels;
using NativeTrainer.Loop;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>
/// What an optimizer updates at once: parameters of a group that follow each other, have gradients and have been updated equally often;
/// nearly always the whole group.
/// </summary>
public readonly struct ParameterRange
{
    private readonly int _group;

    internal ParameterRange(
        ParameterGroup group, int groupIndex, OptimizerOptions options, int first, int count, long step, Tensor scale, Tensor skip)
    {
        (Group, _group, Options, First, Count, Step) = (group, groupIndex, options, first, count, step);
        Values = group.Flat.Slice(group.Flat.Values, first, count);
        Gradients = new UpdateGradients(group.Flat.Slice(group.Flat.Gradients, first, count)) { Scale = scale, Skip = skip, Zero = true };
    }

    /// <summary>Learning rate, weight decay.</summary>
    public ParameterGroup Group { get; }

    /// <summary>The optimizer's settings of this group.</summary>
    public OptimizerOptions Options { get; }

    /// <summary>The first parameter's place in the group.</summary>
    public int First { get; }

    /// <summary>How many parameters.</summary>
    public int Count { get; }

    /// <summary>Which update of these parameters this is, from 1 on.</summary>
    public long Step { get; }

    /// <summary>The weights, one axis.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients, and what they are multiplied with; the update sets them to 0.</summary>
    public UpdateGradients Gradients { get; }

    /// <summary>What the gradients are to be multiplied with; 0 where the update is to change nothing. Waits for the device.</summary>
    public double GradientScale => Gradients.Skip.IsAlive && Numbers.Scalar(Gradients.Skip) != 0 ? 0
        : Gradients.Scale.IsAlive ? Numbers.Scalar(Gradients.Scale) : 1;

    /// <summary>The engine that holds the weights.</summary>
    public Backend Backend => Backend.For(Values);

    /// <summary>This range's part of a state, one axis; <c>default</c> for none.</summary>
    public Tensor Of(FlatState? state) => state is null ? default : Group.Flat.Slice(state[_group], First, Count);

    /// <summary>The weights of one parameter, in its shape.</summary>
    /// <param name="index">From 0, in this range.</param>
    public Tensor Value(int index) => Group.Flat.View(Group.Flat.Values, First + index);

    /// <summary>The gradient of one parameter, in its shape.</summary>
    public UpdateGradients Gradient(int index) =>
        new(Group.Flat.View(Group.Flat.Gradients, First + index)) { Scale = Gradients.Scale, Skip = Gradients.Skip, Zero = Gradients.Zero };

    /// <summary>One parameter's part of a state, in its shape; <c>default</c> for none.</summary>
    public Tensor Of(FlatState? state, int index) => state is null ? default : Group.Flat.View(state[_group], First + index);

    /// <summary>What an optimizer keeps for one parameter in a list of its own.</summary>
    public T Of<T>(PerParameter<T> states, int index) where T : class => states[_group, First + index];
}
