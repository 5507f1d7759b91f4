using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace NativeTrainer.Tensors;

/// <summary>Writes a pickle of protocol 2, byte for byte as Python's own pickler does: what occurs again is
/// fetched from its memo.</summary>
internal class PickleWriter
{
    private const int Batch = 1000;

    private readonly ArrayBufferWriter<byte> _out = new();
    private readonly Dictionary<string, int> _texts = [];
    private readonly Dictionary<(string, string), int> _globals = [];
    private readonly Dictionary<object, int> _objects = new(ReferenceEqualityComparer.Instance);
    private int _memoized;

    /// <summary>The pickle of one value.</summary>
    /// <exception cref="NotSupportedException">The value, or one in it, has no Python counterpart.</exception>
    public byte[] Pickle(object? value)
    {
        Emit(PickleOpcode.Proto);
        Bytes([2]);
        Write(value);
        Emit(PickleOpcode.Stop);
        return _out.WrittenSpan.ToArray();
    }

    /// <summary>Writes a value of a type that only the deriving class knows, and says its place in the memo;
    /// null where it does not know it either.</summary>
    protected virtual int? TryWrite(object value) => null;

    /// <summary>Any value. <see cref="ITuple"/> and arrays of objects become tuples; lists, and arrays of numbers, lists.</summary>
    protected void Write(object? value)
    {
        switch (value)
        {
            case null: Emit(PickleOpcode.None); break;
            case bool flag: Emit(flag ? PickleOpcode.NewTrue : PickleOpcode.NewFalse); break;
            case long number: Integer(number); break;
            case int number: Integer(number); break;
            case double number: Float(number); break;
            case float number: Float(number); break;
            case string text: Text(text); break;
            default: Shared(value); break;
        }
    }

    /// <summary>A tuple whose items are written by <paramref name="items"/>.</summary>
    protected void Tuple(int count, Action items)
    {
        if (count == 0)
        {
            Emit(PickleOpcode.EmptyTuple);
            return;
        }
        if (count > 3) Emit(PickleOpcode.Mark);
        items();
        Emit(count > 3 ? PickleOpcode.Tuple : PickleOpcode.Tuple1 + (byte)(count - 1));
        Memoize();
    }

    /// <summary>A name of a module.</summary>
    protected void Global(string module, string name)
    {
        if (_globals.TryGetValue((module, name), out var place))
        {
            Get(place);
            return;
        }
        Emit(PickleOpcode.Global);
        Bytes(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
        _globals[(module, name)] = Memoize();
    }

    /// <summary>A name applied to a tuple of arguments.</summary>
    /// <returns>The result's place in the memo.</returns>
    protected int Call(string module, string name, int count, Action arguments)
    {
        Global(module, name);
        Tuple(count, arguments);
        Emit(PickleOpcode.Reduce);
        return Memoize();
    }

    /// <summary>One opcode.</summary>
    protected void Emit(PickleOpcode opcode) => Bytes([(byte)opcode]);

    private void Shared(object value)
    {
        if (_objects.TryGetValue(value, out var place))
        {
            Get(place);
            return;
        }
        switch (value)
        {
            case object?[] tuple:
                Tuple(tuple.Length, () => Each(tuple));
                if (tuple.Length > 0) _objects[value] = _memoized - 1;
                break;
            case ITuple tuple:
                Tuple(tuple.Length, () => Each(Enumerable.Range(0, tuple.Length).Select(i => tuple[i])));
                break;
            case List<object?> list: List(value, list); break;
            case IReadOnlyList<double> list: List(value, [.. list]); break;
            case IReadOnlyList<long> list: List(value, [.. list]); break;
            case OrderedDictionary<object, object?> dictionary: Dictionary(value, dictionary); break;
            case IReadOnlyCollection<KeyValuePair<string, object?>> dictionary:
                Dictionary(value, [.. dictionary.Select(pair => KeyValuePair.Create((object)pair.Key, pair.Value))]);
                break;
            default:
                _objects[value] = TryWrite(value) ?? throw new NotSupportedException($"a PyTorch file cannot hold a {value.GetType()}");
                break;
        }
    }

    private void List(object identity, List<object?> items)
    {
        Emit(PickleOpcode.EmptyList);
        _objects[identity] = Memoize();
        if (items.Count == 1)
        {
            Write(items[0]);
            Emit(PickleOpcode.Append);
            return;
        }
        foreach (var batch in items.Chunk(Batch))
        {
            Emit(PickleOpcode.Mark);
            Each(batch);
            Emit(PickleOpcode.Appends);
        }
    }

    private void Dictionary(object identity, IReadOnlyCollection<KeyValuePair<object, object?>> entries)
    {
        Emit(PickleOpcode.EmptyDict);
        _objects[identity] = Memoize();
        foreach (var batch in entries.Chunk(Batch))
        {
            if (entries.Count > 1) Emit(PickleOpcode.Mark);
            foreach (var (key, value) in batch)
            {
                Write(key);
                Write(value);
            }
            Emit(entries.Count > 1 ? PickleOpcode.SetItems : PickleOpcode.SetItem);
        }
    }

    private void Each(IEnumerable<object?> items)
    {
        foreach (var item in items) Write(item);
    }

    private void Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        if (value is >= 0 and <= 0xFF) Numbered(PickleOpcode.BinInt1, bytes[..1]);
        else if (value is >= 0 and <= 0xFFFF) Numbered(PickleOpcode.BinInt2, bytes[..2]);
        else if (value is >= int.MinValue and <= int.MaxValue) Numbered(PickleOpcode.BinInt, bytes[..4]);
        else
        {
            // As few bytes as keep the sign.
            var length = 8;
            while (length > 1 && value << (64 - (8 * (length - 1))) >> (64 - (8 * (length - 1))) == value) length--;
            Numbered(PickleOpcode.Long1, [(byte)length, .. bytes[..length]]);
        }
    }

    private void Float(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Numbered(PickleOpcode.BinFloat, bytes);
    }

    private void Text(string text)
    {
        if (_texts.TryGetValue(text, out var place))
        {
            Get(place);
            return;
        }
        var utf8 = Encoding.UTF8.GetBytes(text);
        Place(PickleOpcode.BinUnicode, utf8.Length);
        Bytes(utf8);
        _texts[text] = Memoize();
    }

    private void Get(int place)
    {
        if (place < 256) Numbered(PickleOpcode.BinGet, [(byte)place]);
        else Place(PickleOpcode.LongBinGet, place);
    }

    private int Memoize()
    {
        if (_memoized < 256) Numbered(PickleOpcode.BinPut, [(byte)_memoized]);
        else Place(PickleOpcode.LongBinPut, _memoized);
        return _memoized++;
    }

    private void Place(PickleOpcode opcode, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Numbered(opcode, bytes);
    }

    private void Numbered(PickleOpcode opcode, ReadOnlySpan<byte> bytes)
    {
        Emit(opcode);
        Bytes(bytes);
    }

    private void Bytes(ReadOnlySpan<byte> bytes) => _out.Write(bytes);
}
