using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The tensors that one operation gave, such as the pieces of <c>Split</c>. Lives as long as the scope that it was born
/// in.</summary>
/// <example><code>var (query, key, value) = projected.Chunk(3, dim: -1);</code></example>
public readonly struct TensorList
{
    private readonly TensorListItems _items;
    private readonly int _generation;

    internal TensorList(int count)
    {
        _items = TensorPool.Rent<TensorListItems>();
        _items.Resize(count);
        _generation = _items.Generation;
    }

    /// <summary>How many.</summary>
    public int Count => AsSpan().Length;

    /// <summary>One of them, counted from 0.</summary>
    public Tensor this[int index] => AsSpan()[index];

    /// <summary>A list may stand wherever several tensors are taken: <c>Tensor.Concat(pieces)</c>.</summary>
    public static implicit operator ReadOnlySpan<Tensor>(TensorList list) => list.AsSpan();

    /// <summary>All of them.</summary>
    public ReadOnlySpan<Tensor> AsSpan() => _items.Generation == _generation
        ? _items.Items
        : throw new ObjectDisposedException(
            nameof(TensorList), "this list belonged to a step that has ended; Keep() the tensors that must outlive it");

    /// <summary>A copy that the garbage collector owns; the tensors still belong to their scope.</summary>
    public Tensor[] ToArray() => AsSpan().ToArray();

    /// <summary>For foreach.</summary>
    public ReadOnlySpan<Tensor>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    /// <summary>Takes two apart.</summary>
    public void Deconstruct(out Tensor first, out Tensor second)
    {
        var items = Expect(2);
        (first, second) = (items[0], items[1]);
    }

    /// <summary>Takes three apart.</summary>
    public void Deconstruct(out Tensor first, out Tensor second, out Tensor third)
    {
        var items = Expect(3);
        (first, second, third) = (items[0], items[1], items[2]);
    }

    /// <summary>Takes four apart.</summary>
    public void Deconstruct(out Tensor first, out Tensor second, out Tensor third, out Tensor fourth)
    {
        var items = Expect(4);
        (first, second, third, fourth) = (items[0], items[1], items[2], items[3]);
    }

    internal Tensor Set(int index, Tensor tensor) => _items.Items[index] = tensor;

    private ReadOnlySpan<Tensor> Expect(int count) =>
        Count == count ? AsSpan() : throw new InvalidOperationException($"a list of {Count} tensors cannot be taken apart into {count}");
}

internal sealed class TensorListItems : PooledObject
{
    private Tensor[] _items = [];
    private int _count;

    public int Generation { get; private set; }

    public Span<Tensor> Items => _items.AsSpan(0, _count);

    public void Resize(int count)
    {
        if (_items.Length < count) _items = new Tensor[count];
        _count = count;
    }

    protected internal override void Reset()
    {
        Items.Clear();
        _count = 0;
        Generation++;
    }
}
