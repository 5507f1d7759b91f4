using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>One entry of <c>tensor.Index(...)</c>: a place, a range, a new axis, the rest, or a tensor of places or of truth
/// values.</summary>
/// <remarks>
/// Numbers, ranges and tensors turn into one by themselves. Python's <c>x[..., :-1, None, 2, ids]</c> is <c>x.Index(TensorIndex.Rest, ..^1,
/// TensorIndex.NewAxis, 2, ids)</c>; a step is written <c>TensorIndex.Slice(1, null, 2)</c>.
/// </remarks>
public readonly struct TensorIndex
{
    private TensorIndex(TensorIndexKind kind) => Kind = kind;

    /// <summary>As many whole axes as the other entries leave (Python's <c>...</c>).</summary>
    public static TensorIndex Rest { get; } = new(TensorIndexKind.Rest);

    /// <summary>An axis of size 1 put in here (Python's <c>None</c>).</summary>
    public static TensorIndex NewAxis { get; } = new(TensorIndexKind.NewAxis);

    /// <summary>A whole axis (Python's <c>:</c>; so is <c>..</c>).</summary>
    public static TensorIndex All { get; } = Slice();

    internal TensorIndexKind Kind { get; }

    internal long? Start { get; private init; }

    internal long? Stop { get; private init; }

    internal long Step { get; private init; }

    internal Range Range { get; private init; }

    internal Tensor Tensor { get; private init; }

    /// <summary>Python's <c>start:stop:step</c>; negative bounds count from the end, those beyond the axis are cut.</summary>
    public static TensorIndex Slice(long? start = null, long? stop = null, long step = 1)
    {
        if (step < 1) throw new ArgumentOutOfRangeException(nameof(step), step, "Index: step is 1 or more");
        return new(TensorIndexKind.Slice) { Start = start, Stop = stop, Step = step };
    }

    /// <summary>One place; the axis goes away. Negative ones count from the end.</summary>
    public static implicit operator TensorIndex(long place) => new(TensorIndexKind.Place) { Start = place };

    /// <inheritdoc cref="op_Implicit(long)"/>
    public static implicit operator TensorIndex(int place) => (long)place;

    /// <summary>One place, <c>^1</c> being the last; the axis goes away.</summary>
    public static implicit operator TensorIndex(Index place)
    {
        if (place is { IsFromEnd: true, Value: 0 })
        {
            throw new ArgumentOutOfRangeException(nameof(place), place, "Index: ^0 names no place; ^1 is the last");
        }
        return place.IsFromEnd ? -(long)place.Value : place.Value;
    }

    /// <summary>The places of a range such as <c>1..^1</c>; those beyond the axis are cut.</summary>
    public static implicit operator TensorIndex(Range range) => new(TensorIndexKind.Range) { Range = range };

    /// <summary>The places that a tensor of whole numbers names, or those where a tensor of truth values (over one axis or several) is
    /// true.</summary>
    public static implicit operator TensorIndex(Tensor tensor) => new(TensorIndexKind.Tensor) { Tensor = tensor };
}

internal enum TensorIndexKind
{
    Rest,
    NewAxis,
    Place,
    Slice,
    Range,
    Tensor,
}
