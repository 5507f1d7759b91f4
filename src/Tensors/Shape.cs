using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Tensors;

/// <summary>The sizes of a tensor's axes, at most <see cref="MaxRank"/>; lives on the stack.</summary>
/// <remarks>Write it as a collection: <c>Tensor.Zeros([2, 3])</c>. Axes count from the end where negative: <c>shape[-1]</c> is the last.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The most axes that a tensor may have.</summary>
    public const int MaxRank = 8;

    // Bytes of the largest dtype, and strides over axes of size 0 counted as 1, must fit in 63 bits.
    private const ulong MaxCount = long.MaxValue / 16;

    private readonly Axes _sizes;

    /// <summary>Sizes from the outermost axis to the innermost; none makes a scalar.</summary>
    public Shape(params ReadOnlySpan<long> sizes)
    {
        if (sizes.Length > MaxRank) throw new ArgumentException($"a tensor has at most {MaxRank} axes, found {sizes.Length}", nameof(sizes));
        Rank = sizes.Length;
        var count = 1ul;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0) throw new ArgumentException($"axis {i} has size {sizes[i]}; sizes are 0 or more", nameof(sizes));
            _sizes[i] = sizes[i];
            if (Math.BigMul(count, (ulong)Math.Max(sizes[i], 1), out count) != 0 || count > MaxCount) Throw(sizes);
        }

        static void Throw(ReadOnlySpan<long> sizes) =>
            throw new ArgumentException($"[{string.Join(", ", sizes.ToArray())}] has more elements than can be addressed", nameof(sizes));
    }

    /// <summary>How many axes; 0 for a scalar.</summary>
    public int Rank { get; }

    /// <summary>The product of all sizes; 1 for a scalar.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            for (var i = 0; i < Rank; i++) count *= _sizes[i];
            return count;
        }
    }

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public long this[int axis] => _sizes[Axis(axis)];

    /// <summary>The sizes, outermost first.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long> Sizes => ((ReadOnlySpan<long>)_sizes)[..Rank];

    /// <summary>For collection expressions.</summary>
    public static Shape Create(ReadOnlySpan<long> sizes) => new(sizes);

    /// <summary>The axis counted from the front; throws where the shape has no such axis.</summary>
    public int Axis(int axis)
    {
        var found = axis < 0 ? axis + Rank : axis;
        if ((uint)found >= (uint)Rank) throw new ArgumentOutOfRangeException(nameof(axis), axis, $"shape {this} has {Rank} axes");
        return found;
    }

    /// <summary>The same shape with one axis of another size.</summary>
    public Shape With(int axis, long size)
    {
        Span<long> sizes = stackalloc long[MaxRank];
        Sizes.CopyTo(sizes);
        sizes[Axis(axis)] = size;
        return new Shape(sizes[..Rank]);
    }

    /// <summary>The shape without one axis.</summary>
    public Shape Without(int axis)
    {
        axis = Axis(axis);
        Span<long> sizes = stackalloc long[MaxRank];
        Sizes[..axis].CopyTo(sizes);
        Sizes[(axis + 1)..].CopyTo(sizes[axis..]);
        return new Shape(sizes[..(Rank - 1)]);
    }

    /// <summary>The shape with an axis put in at a place between 0 and <see cref="Rank"/>.</summary>
    public Shape Insert(int axis, long size)
    {
        if ((uint)axis > (uint)Rank) throw new ArgumentOutOfRangeException(nameof(axis), axis, $"expected 0 to {Rank}");
        Span<long> sizes = stackalloc long[MaxRank + 1];
        Sizes[..axis].CopyTo(sizes);
        sizes[axis] = size;
        Sizes[axis..].CopyTo(sizes[(axis + 1)..]);
        return new Shape(sizes[..(Rank + 1)]);
    }

    /// <summary>Enumerates the sizes, outermost first.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long>.Enumerator GetEnumerator() => Sizes.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in Sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>As <c>[2, 3]</c>; a scalar is <c>[]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Sizes.ToArray())}]";

    /// <summary>The same sizes in the same order.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Another rank or another size.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}

/// <summary>One number for each axis.</summary>
[InlineArray(Shape.MaxRank)]
internal struct Axes
{
#pragma warning disable IDE0051 // the compiler repeats this field
    private long _first;
#pragma warning restore IDE0051
}
