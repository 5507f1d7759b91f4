using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>A state of an optimizer that does not lie like the weights: one object for each parameter.</summary>
public sealed class PerParameter<T>
    where T : class
{
    private readonly T[][] _items;

    /// <summary>Makes the state of every parameter, in memory that outlives a step.</summary>
    public PerParameter(IReadOnlyList<ParameterGroup> groups, Func<Parameter, T> create)
    {
        using var outside = TensorPool.Suspend();
        _items = [.. groups.Select(group => group.Flat.Parameters.Select(create).ToArray())];
    }

    /// <summary>The state of a parameter.</summary>
    public T this[int group, int parameter] => _items[group][parameter];

    /// <summary>All states.</summary>
    public IEnumerable<T> All => _items.SelectMany(items => items);
}
