using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>The lines of a tensor along its last axis, counted in row-major order of the others.</summary>
internal readonly unsafe struct Lines
{
    private readonly byte* _address;
    private readonly Layout _layout;
    private readonly int _size;

    public Lines(Tensor tensor)
    {
        _address = (byte*)tensor.Address;
        (_layout, _size) = (tensor.Layout, tensor.DType.ByteSize);
        Length = (nint)tensor.Size(-1);
        Count = Length == 0 ? 0 : (nint)(tensor.ElementCount / Length);
        Step = (nint)_layout.Stride(-1) * _size;
    }

    /// <summary>How many lines; 0 where they are empty.</summary>
    public nint Count { get; }

    /// <summary>Elements of a line.</summary>
    public nint Length { get; }

    /// <summary>Bytes from one element to the next.</summary>
    public nint Step { get; }

    /// <summary>The first element of a line.</summary>
    public byte* this[nint line]
    {
        get
        {
            var place = 0L;
            for (var axis = _layout.Shape.Rank - 2; axis >= 0 && line > 0; axis--)
            {
                (var outer, var index) = Math.DivRem(line, (nint)_layout.Shape[axis]);
                place += index * _layout.Stride(axis);
                line = outer;
            }
            return _address + ((nint)place * _size);
        }
    }
}
