using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Tensors;

/// <summary>An n-dimensional array of one <see cref="Tensors.DType"/> on one <see cref="Tensors.Device"/>: a strided view of a <see cref="Tensors.Storage"/>.</summary>
/// <remarks>
/// <para>The value is a handle of 16 bytes, copied freely and never disposed. What it points to is used again when the scope that it was born in ends
/// (<see cref="TensorPool"/>); a handle that has outlived its scope is noticed and throws, it never reads another tensor's numbers.</para>
/// <para>This type knows memory and layout. Arithmetic, views that carry gradients and <c>Backward()</c> are extension members in <c>NativeTrainer.Autograd</c>.</para>
/// <example><code>
/// var x = Tensor.From([1f, 2f, 3f, 4f], [2, 2]);
/// float last = x.ToArray&lt;float&gt;()[3]; // 4
/// </code></example>
/// </remarks>
public readonly partial struct Tensor : IEquatable<Tensor>
{
    private readonly TensorHeader? _header;
    private readonly int _generation;

    internal Tensor(TensorHeader header)
    {
        _header = header;
        _generation = header.Generation;
    }

    /// <summary>Sizes, steps and offset, in elements.</summary>
    [UnscopedRef]
    public ref readonly Layout Layout => ref Header.Layout;

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape => Header.Layout.Shape;

    /// <summary>The type of the elements.</summary>
    public DType DType => Header.DType;

    /// <summary>Where the memory is.</summary>
    public Device Device => Storage.Device;

    /// <summary>The memory that this tensor looks into.</summary>
    public Storage Storage => Header.Storage!;

    /// <summary>How many axes.</summary>
    public int Rank => Header.Layout.Shape.Rank;

    /// <summary>How many elements.</summary>
    public long ElementCount => Header.Layout.Shape.ElementCount;

    /// <summary>Whether the elements lie side by side in row-major order.</summary>
    public bool IsContiguous => Header.Layout.IsContiguous;

    /// <summary>How often the storage was changed in place.</summary>
    public int Version => Storage.Version;

    /// <summary>Whether this handle points to a tensor that is still alive (false for <c>default</c> and after the end of its scope).</summary>
    public bool IsAlive => _header is { } header && header.Generation == _generation;

    /// <summary>The address of the first element. Only the device that holds the tensor may follow it.</summary>
    public nint Address
    {
        get
        {
            var header = Header;
            return header.Storage!.Pointer + (nint)(header.Layout.Offset * header.DType.ByteSize);
        }
    }

    /// <summary>Autograd's slot: the node that made this tensor, or the leaf that collects its gradient.</summary>
    internal object? GradientNode
    {
        get => Header.GradientNode;
        set => Header.GradientNode = value;
    }

    /// <summary>Which of its node's outputs this tensor is.</summary>
    internal int OutputIndex
    {
        get => Header.OutputIndex;
        set => Header.OutputIndex = value;
    }

    internal TensorHeader Header
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_header is not { } header || header.Generation != _generation) ThrowStale();
            return _header!;
        }
    }

    /// <summary>The size of one axis; negative axes count from the end.</summary>
    public long Size(int axis) => Header.Layout.Shape[axis];

    /// <summary>Another view of the same storage. No gradient flows through it.</summary>
    public Tensor WithLayout(in Layout layout) => View(Storage, DType, layout);

    /// <summary>Counts a change in place, so that autograd refuses a backward pass that needs the old content.</summary>
    public void MarkChanged() => Storage.Version++;

    /// <summary>Lets the tensor outlive every open scope; the garbage collector owns it from then on. It leaves the graph that made it.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep() => KeepAt(0);

    /// <summary>Lets the tensor live until the scope around the innermost open one ends. It leaves the graph that made it.</summary>
    public Tensor KeepInParent() => TensorPool.Current is { } pool ? KeepAt(pool.KeptInParent) : this;

    /// <summary>As <see cref="KeepInParent"/>, for a gradient that a backward step passes on: memory made in that step may go back once it is used up.</summary>
    internal Tensor HandOver()
    {
        if (TensorPool.Current is not { } pool) return this;
        Storage.IsGradient |= Storage.Depth > pool.KeptInParent;
        return KeepAt(pool.KeptInParent);
    }

    /// <summary>The same handle, not the same numbers.</summary>
    public bool Equals(Tensor other) => ReferenceEquals(_header, other._header) && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_header is null ? 0 : RuntimeHelpers.GetHashCode(_header), _generation);

    /// <summary>As <c>float32 [2, 3] on cpu</c>; the numbers are not shown.</summary>
    public override string ToString() => IsAlive ? $"{DType.TorchName} {Shape} on {Device}" : "a tensor that is gone";

    internal static Tensor View(Storage storage, DType dtype, in Layout layout)
    {
        var header = TensorPool.Rent<TensorHeader>();
        (header.Storage, header.DType, header.Layout) = (storage, dtype, layout);
        return new Tensor(header);
    }

    private Tensor KeepAt(int depth)
    {
        var header = Header;
        if (header.Depth > depth)
        {
            header.Depth = depth;
            if (header.GradientNode is PooledObject { IsPooled: true }) header.GradientNode = null;
        }
        if (header.Storage!.Depth > depth) header.Storage.Depth = depth;
        return this;
    }

    [DoesNotReturn]
    private void ThrowStale() => throw new ObjectDisposedException(
        nameof(Tensor),
        _header is null
            ? "this tensor was never made (default(Tensor))"
            : "this tensor belonged to a step that has ended; Keep() what must outlive its step");
}

/// <summary>What a <see cref="Tensor"/> points to; used again by the pool.</summary>
internal sealed class TensorHeader : PooledObject
{
    public Layout Layout;
    public Storage? Storage;
    public DType DType;
    public int Generation;
    public object? GradientNode;
    public int OutputIndex;

    protected internal override void Reset()
    {
        Generation++;
        (Storage, GradientNode, OutputIndex) = (null, null, 0);
    }
}
