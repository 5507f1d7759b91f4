using System.Buffers.Binary;
using System.Text;

namespace NativeTrainer.Tensors;

/// <summary>Reads a pickle as data: nothing in it is ever executed, and every name in it must be one that
/// <see cref="IPickleGlobals"/> knows.</summary>
/// <remarks>
/// Python's values become .NET's: None null, int <see cref="long"/>, float <see cref="double"/>, str <see cref="string"/>, tuple
/// an array of objects, list a <see cref="List{T}"/> of objects, dict an <see cref="OrderedDictionary{TKey, TValue}"/> of objects.
/// </remarks>
internal sealed class PickleReader(string file, byte[] code, IPickleGlobals globals)
{
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;

    /// <summary>The value that the pickle stands for.</summary>
    /// <exception cref="TorchFileException">Truncated, an unknown opcode, or a name that is not known.</exception>
    public object? Read()
    {
        while (true)
        {
            var start = _at;
            var opcode = (PickleOpcode)Take(1)[0];
            if (opcode == PickleOpcode.Stop) return Pop();
            if (opcode is PickleOpcode.Global or PickleOpcode.Reduce or PickleOpcode.Build or PickleOpcode.BinPersId) Link(opcode);
            else if (!TryScalar(opcode) && !TryContainer(opcode))
            {
                throw Broken($"opcode 0x{(byte)opcode:X2} is not one of a PyTorch file", start);
            }
        }
    }

    /// <summary>An error at a place of the pickle.</summary>
    private TorchFileException Broken(string problem, int? at = null) => new(file, $"its pickle is broken at byte {at ?? _at}: {problem}");

    private bool TryScalar(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                if (Take(1)[0] is var protocol and > 2) throw Broken($"protocol {protocol}, expected at most 2");
                break;
            case PickleOpcode.None: _stack.Add(null); break;
            case PickleOpcode.NewTrue: _stack.Add(true); break;
            case PickleOpcode.NewFalse: _stack.Add(false); break;
            case PickleOpcode.BinInt1: _stack.Add((long)Take(1)[0]); break;
            case PickleOpcode.BinInt2: _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case PickleOpcode.BinInt: _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case PickleOpcode.Long1: _stack.Add(Long()); break;
            case PickleOpcode.BinFloat: _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case PickleOpcode.BinUnicode: _stack.Add(Text(Take(Length(Word())))); break;
            case PickleOpcode.BinPut: _memo[Take(1)[0]] = Top(); break;
            case PickleOpcode.LongBinPut: _memo[Word()] = Top(); break;
            case PickleOpcode.BinGet: _stack.Add(Remembered(Take(1)[0])); break;
            case PickleOpcode.LongBinGet: _stack.Add(Remembered(Word())); break;
            default: return false;
        }
        return true;
    }

    private bool TryContainer(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark: _marks.Push(_stack.Count); break;
            case PickleOpcode.EmptyDict: _stack.Add(new OrderedDictionary<object, object?>()); break;
            case PickleOpcode.EmptyList: _stack.Add(new List<object?>()); break;
            case PickleOpcode.EmptyTuple: _stack.Add(Array.Empty<object?>()); break;
            case PickleOpcode.Tuple: _stack.Add(SinceMark()); break;
            case PickleOpcode.Tuple1: _stack.Add(Last(1)); break;
            case PickleOpcode.Tuple2: _stack.Add(Last(2)); break;
            case PickleOpcode.Tuple3: _stack.Add(Last(3)); break;
            case PickleOpcode.Append: Append(Last(1)); break;
            case PickleOpcode.Appends: Append(SinceMark()); break;
            case PickleOpcode.SetItem: SetItems(Last(2)); break;
            case PickleOpcode.SetItems: SetItems(SinceMark()); break;
            default: return false;
        }
        return true;
    }

    // Names, and what they are called with: only the known ones mean something.
    private void Link(PickleOpcode opcode)
    {
        try
        {
            switch (opcode)
            {
                case PickleOpcode.Global:
                    var module = Line();
                    _stack.Add(globals.Find(module, Line()));
                    break;
                case PickleOpcode.Reduce:
                    var arguments = Last(2);
                    if (arguments[0] is not { } callable || arguments[1] is not object?[] tuple)
                    {
                        throw Broken("a call needs a name and a tuple");
                    }
                    _stack.Add(globals.Call(callable, tuple));
                    break;
                case PickleOpcode.Build:
                    var state = Pop();
                    globals.Build(Top() ?? throw Broken("a state for None"), state);
                    break;
                default:
                    _stack.Add(globals.Load(Pop()));
                    break;
            }
        }
        catch (FormatException refused)
        {
            throw Broken(refused.Message);
        }
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw Broken("items for something that is no list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not OrderedDictionary<object, object?> dictionary) throw Broken("entries for something that is no dictionary");
        if (items.Length % 2 != 0) throw Broken("a key without a value");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long or double or bool))
            {
                throw Broken($"a dictionary's key is a {items[i]?.GetType().Name ?? "None"}");
            }
            dictionary[items[i]!] = items[i + 1];
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > code.Length - _at) throw Broken($"the pickle ends here, {count - (code.Length - _at)} bytes more expected");
        _at += count;
        return code.AsSpan(_at - count, count);
    }

    private uint Word() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private int Length(uint length) => length <= int.MaxValue ? (int)length : throw Broken($"a text of {length} bytes");

    private string Line()
    {
        var length = code.AsSpan(_at).IndexOf((byte)'\n');
        if (length < 0) throw Broken("a name without an end");
        var line = Text(Take(length));
        _at++;
        return line;
    }

    private string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return _strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Broken("a text is not UTF-8");
        }
    }

    private long Long()
    {
        var bytes = Take(Take(1)[0]);
        if (bytes.Length > 8) throw Broken($"a whole number of {bytes.Length} bytes, expected at most 8");
        var value = 0L;
        for (var i = bytes.Length - 1; i >= 0; i--) value = (value << 8) | bytes[i];
        var unused = 64 - (8 * bytes.Length);
        return bytes.IsEmpty ? 0 : value << unused >> unused;
    }

    private object? Top() => _stack.Count > (_marks.TryPeek(out var mark) ? mark : 0) ? _stack[^1] : throw Broken("a value is missing");

    private object? Pop() => Last(1)[0];

    private object? Remembered(uint place) =>
        _memo.TryGetValue(place, out var value) ? value : throw Broken($"nothing was put into place {place}");

    private object?[] Last(int count)
    {
        if (_stack.Count - (_marks.TryPeek(out var mark) ? mark : 0) < count) throw Broken("a value is missing");
        return Cut(_stack.Count - count);
    }

    private object?[] SinceMark() => _marks.TryPop(out var mark) ? Cut(mark) : throw Broken("a mark is missing");

    private object?[] Cut(int from)
    {
        var items = _stack.GetRange(from, _stack.Count - from).ToArray();
        _stack.RemoveRange(from, items.Length);
        return items;
    }

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);
}

/// <summary>The names that a pickle may use, and what they mean. Each method refuses what it does not know
/// with a <see cref="FormatException"/>.</summary>
internal interface IPickleGlobals
{
    /// <summary>What a name stands for.</summary>
    object Find(string module, string name);

    /// <summary>The value of a name applied to arguments.</summary>
    object? Call(object callable, object?[] arguments);

    /// <summary>Gives a value its state.</summary>
    void Build(object target, object? state);

    /// <summary>What is kept outside the pickle under an identifier.</summary>
    object? Load(object? identifier);
}
