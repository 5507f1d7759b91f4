using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Visits places of a layout in row-major order, for loops whose order matters.</summary>
internal unsafe ref struct LayoutWalk
{
    private readonly ReadOnlySpan<long> _sizes;
    private readonly ReadOnlySpan<long> _strides;
    private fixed long _index[Shape.MaxRank];

    /// <summary>Over some axes, from their first places on.</summary>
    public LayoutWalk(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides)
    {
        _sizes = sizes;
        _strides = strides;
    }

    /// <summary>How far from the first place, in elements.</summary>
    public long Place { get; private set; }

    /// <summary>Goes on to the next one.</summary>
    public void Advance()
    {
        for (var axis = _sizes.Length - 1; axis >= 0; axis--)
        {
            Place += _strides[axis];
            if (++_index[axis] < _sizes[axis]) return;
            Place -= _strides[axis] * _index[axis];
            _index[axis] = 0;
        }
    }
}
