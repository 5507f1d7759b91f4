using System.Collections;
using System.Globalization;

namespace NativeTrainer.Autograd;

/// <summary>Modules under the names 0, 1, 2, …: the layers of a transformer.</summary>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly List<T> _items = [];

    /// <summary>The given modules in order.</summary>
    public ModuleList(IEnumerable<T> modules)
    {
        foreach (var module in modules) _items.Add(AddModule(_items.Count.ToString(CultureInfo.InvariantCulture), module));
    }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
