using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// The keys and values of the positions that a model has seen, so that the next position costs one position and not all of them.
/// </summary>
/// <remarks>
/// Each layer has two buffers [batch, heads, capacity, head size], made once and written in place. A forward pass appends to every layer
/// and then advances; a pass that fails leaves the cache as it was. No gradient flows through it.
/// </remarks>
/// <param name="capacity">Positions to make room for at once; the cache grows where they do not suffice.</param>
public sealed partial class KeyValueCache(int capacity = 0)
{
    private readonly List<Layer> _layers = [];
    private KeyValueCache? _cross;

    /// <summary>How many positions it holds.</summary>
    public int Length { get; private set; }

    /// <summary>How many layers have been appended to.</summary>
    public int LayerCount => _layers.Count;

    /// <summary>
    /// Of an encoder-decoder model: the keys and values that its decoder makes of the encoder's states, which the first pass appends and no
    /// later one changes.
    /// </summary>
    public KeyValueCache CrossAttention => _cross ??= new KeyValueCache();

    /// <summary>The keys of a layer: a view [batch, heads, <see cref="Length"/>, head size].</summary>
    public Tensor Keys(int layer) => Filled(_layers[layer].Keys, Length);

    /// <summary>The values of a layer, as <see cref="Keys"/>.</summary>
    public Tensor Values(int layer) => Filled(_layers[layer].Values, Length);

    /// <summary>Writes the keys and values [batch, heads, new positions, head size] of the positions behind <see cref="Length"/>.</summary>
    /// <returns>All positions, the new ones included.</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (layer > _layers.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(layer), layer, $"layers are appended in order, the next is {_layers.Count}");
        }
        var end = Length + (int)keys.Size(2);
        if (layer == _layers.Count) _layers.Add(new Layer(Room(keys, Math.Max(end, capacity)), Room(values, Math.Max(end, capacity))));
        var room = _layers[layer];
        if (room.Keys.Size(0) != keys.Size(0))
        {
            throw new ArgumentException(
                $"the cache holds {room.Keys.Size(0)} rows, found keys of {keys.Size(0)}: {keys.Shape}", nameof(keys));
        }
        if (end > room.Keys.Size(2)) _layers[layer] = room = Grown(room, Math.Max(end, 2 * (int)room.Keys.Size(2)));
        Write(keys, room.Keys);
        Write(values, room.Values);
        return (Filled(room.Keys, end), Filled(room.Values, end));
    }

    /// <summary>Counts positions as seen, after every layer has been appended to.</summary>
    public void Advance(int positions) => Length += positions;

    /// <summary>Forgets the positions from <paramref name="length"/> on and keeps the memory.</summary>
    public void Truncate(int length)
    {
        if (length < 0 || length > Length)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"the cache holds {Length} positions");
        }
        Length = length;
    }

    /// <summary>Forgets all positions and keeps the memory.</summary>
    public void Clear()
    {
        Length = 0;
        _cross?.Clear();
    }

    private static Tensor Filled(Tensor buffer, int length) => buffer.WithLayout(buffer.Layout.Slice(2, 0, length));

    private static Tensor Room(Tensor like, int positions)
    {
        using var outside = TensorPool.Suspend();
        return Tensor.Empty(like.Shape.With(2, positions), like.DType, like.Device);
    }

    private void Write(Tensor source, Tensor buffer)
    {
        var place = buffer.WithLayout(buffer.Layout.Slice(2, Length, source.Size(2)));
        Backend.For(place).Copy(source, place);
        place.MarkChanged();
    }

    private Layer Grown(Layer layer, int positions)
    {
        (_spareKeys, _spareValues) = (null, null);
        var (keys, values) = (Room(layer.Keys, positions), Room(layer.Values, positions));
        if (Length > 0)
        {
            Backend.For(keys).Copy(Filled(layer.Keys, Length), Filled(keys, Length));
            Backend.For(values).Copy(Filled(layer.Values, Length), Filled(values, Length));
        }
        return new Layer(keys, values);
    }

    private readonly record struct Layer(Tensor Keys, Tensor Values);
}
