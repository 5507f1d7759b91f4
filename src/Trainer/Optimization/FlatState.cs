using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>A number that an optimizer keeps for each element of its parameters: for each group a buffer laid out as its weights.</summary>
public sealed class FlatState
{
    private readonly Tensor[] _flats;
    private readonly double _initial;

    internal FlatState(string name, IReadOnlyList<ParameterGroup> groups, DType? dtype, double initial)
    {
        (Name, _initial) = (name, initial);
        using var outside = TensorPool.Suspend();
        _flats = [.. groups.Select(group => Tensor.Zeros(
            group.Flat.Values.Shape, dtype ?? group.Flat.Values.DType, group.Flat.Values.Device))];
        Reset();
    }

    /// <summary>Its name in <c>optimizer.pt</c>.</summary>
    public string Name { get; }

    /// <summary>The buffer of a group.</summary>
    public Tensor this[int group] => _flats[group];

    internal void Reset()
    {
        foreach (var flat in _flats) Backend.For(flat).Fill(flat, _initial);
    }
}
