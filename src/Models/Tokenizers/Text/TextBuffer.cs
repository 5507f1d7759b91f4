using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// A text that normalizers and pre-tokenizers change: code points and, for each, the part of the original text that it stands for, in code
/// points of the original. Grows, and is used again for the next text.
/// </summary>
internal sealed class TextBuffer
{
    private int[] _points = new int[256];
    private int[] _starts = new int[256];
    private int[] _ends = new int[256];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Points => _points.AsSpan(0, Count);

    public int this[int index]
    {
        get => _points[index];
        set => _points[index] = value;
    }

    public int Start(int index) => _starts[index];

    public int End(int index) => _ends[index];

    public void Clear() => Count = 0;

    public void Add(int point, int start, int end)
    {
        if (Count == _points.Length) Grow(Count + 1);
        (_points[Count], _starts[Count], _ends[Count]) = (point, start, end);
        Count++;
    }

    /// <summary>Adds a code point that stands for what one of another buffer stands for.</summary>
    public void Add(int point, TextBuffer source, int index) => Add(point, source._starts[index], source._ends[index]);

    /// <summary>Adds a part of another buffer.</summary>
    public void Add(TextBuffer source, int start, int end)
    {
        var length = end - start;
        if (Count + length > _points.Length) Grow(Count + length);
        source._points.AsSpan(start, length).CopyTo(_points.AsSpan(Count));
        source._starts.AsSpan(start, length).CopyTo(_starts.AsSpan(Count));
        source._ends.AsSpan(start, length).CopyTo(_ends.AsSpan(Count));
        Count += length;
    }

    /// <summary>Adds a text that is a part of the original.</summary>
    /// <param name="text">The text; lone surrogates become U+FFFD.</param>
    /// <param name="at">Where it stands in the original, in code points.</param>
    /// <returns>Its length in code points.</returns>
    public int Decode(ReadOnlySpan<char> text, int at)
    {
        if (Count + text.Length > _points.Length) Grow(Count + text.Length);
        var (first, read) = (Count, 0);
        while (read < text.Length)
        {
            int point = text[read];
            if (!char.IsSurrogate((char)point)) read++;
            else
            {
                Rune.DecodeFromUtf16(text[read..], out var rune, out var size);
                point = rune.Value;
                read += size;
            }
            (_points[Count], _starts[Count], _ends[Count]) = (point, at, ++at);
            Count++;
        }
        return Count - first;
    }

    /// <summary>Takes out what a condition does not want; what stays keeps what it stands for.</summary>
    public void Keep(Func<int, bool> isKept)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!isKept(_points[i])) continue;
            (_points[kept], _starts[kept], _ends[kept]) = (_points[i], _starts[i], _ends[i]);
            kept++;
        }
        Count = kept;
    }

    /// <summary>Leaves a part of it.</summary>
    public void Slice(int start, int end)
    {
        if (start > 0)
        {
            _points.AsSpan(start, end - start).CopyTo(_points);
            _starts.AsSpan(start, end - start).CopyTo(_starts);
            _ends.AsSpan(start, end - start).CopyTo(_ends);
        }
        Count = end - start;
    }

    /// <summary>A part of it as UTF-16.</summary>
    public string ToString(int start, int end)
    {
        var text = new StringBuilder(end - start);
        for (var i = start; i < end; i++)
        {
            if (_points[i] <= 0xFFFF) text.Append((char)_points[i]);
            else text.Append(new Rune(_points[i]));
        }
        return text.ToString();
    }

    private void Grow(int needed)
    {
        var size = Math.Max(needed, 2 * _points.Length);
        Array.Resize(ref _points, size);
        Array.Resize(ref _starts, size);
        Array.Resize(ref _ends, size);
    }
}
