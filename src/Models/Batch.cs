using System.Collections;
using System.Diagnostics.CodeAnalysis;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Named tensors in the order in which they were put in: what a collator makes and a model takes.</summary>
/// <remarks>
/// The names are Hugging Face's: <c>input_ids</c> and <c>attention_mask</c> [batch, length], <c>labels</c>, …
/// <example><code>
/// var batch = new Batch { ["input_ids"] = ids, ["labels"] = ids };
/// var loss = model.Forward(batch).Loss;
/// </code></example>
/// </remarks>
public sealed class Batch : IEnumerable<KeyValuePair<string, Tensor>>
{
    private readonly List<KeyValuePair<string, Tensor>> _entries = new(4);

    /// <summary>How many tensors.</summary>
    public int Count => _entries.Count;

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Select(entry => entry.Key)];

    /// <summary>A tensor by name. Setting one that is there already replaces it in its place.</summary>
    /// <exception cref="KeyNotFoundException">The batch has no tensor of this name.</exception>
    public Tensor this[string name]
    {
        get => TryGet(name, out var tensor)
            ? tensor
            : throw new KeyNotFoundException($"the batch has no {name}, it has {(Count == 0 ? "nothing" : string.Join(", ", Names))}");
        set
        {
            var place = IndexOf(name);
            if (place < 0) Add(name, value);
            else _entries[place] = new(name, value);
        }
    }

    /// <summary>Puts a tensor in at the end.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Tensor tensor)
    {
        if (IndexOf(name) >= 0) throw new ArgumentException($"the batch has {name} already", nameof(name));
        _entries.Add(new(name, tensor));
    }

    /// <summary>A tensor by name; false where there is none.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out Tensor tensor)
    {
        var place = IndexOf(name);
        tensor = place < 0 ? default : _entries[place].Value;
        return place >= 0;
    }

    /// <summary>A tensor by name; null where there is none.</summary>
    public Tensor? Find(string name) => TryGet(name, out var tensor) ? tensor : null;

    /// <summary>The same tensors but one.</summary>
    public Batch Without(string name)
    {
        var rest = new Batch();
        foreach (var (key, tensor) in _entries)
        {
            if (key != name) rest.Add(key, tensor);
        }
        return rest;
    }

    /// <summary>Takes all tensors out, to fill the batch again.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Goes through the tensors in order.</summary>
    public List<KeyValuePair<string, Tensor>>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<KeyValuePair<string, Tensor>> IEnumerable<KeyValuePair<string, Tensor>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == name) return i;
        }
        return -1;
    }
}
