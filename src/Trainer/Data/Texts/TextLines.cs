using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace NativeTrainer.Data;

/// <summary>
/// The rows of a text file, as Python's <c>open(…).read().splitlines(keepends=True)</c> cuts them: <c>\r\n</c> and <c>\r</c> become
/// <c>\n</c>; rows end at it and at U+000B, U+000C, U+001C to U+001E, U+0085, U+2028 and U+2029. A byte order mark is a character like any
/// other.
/// </summary>
public static class TextLines
{
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029");
    private static readonly SearchValues<char> PlainBreaks = SearchValues.Create("\n\r");

    /// <summary>Reads the rows one after another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keepLineBreaks">Whether a row ends with the character that ended it.</param>
    /// <exception cref="InvalidDataException">The file is not UTF-8; the byte and its line are named.</exception>
    public static IEnumerable<string> Read(string path, bool keepLineBreaks = true) => Read(path, keepLineBreaks, Breaks);

    /// <summary>Reads rows that end at <c>\n</c>, <c>\r</c> or both alone, as JSON needs it.</summary>
    internal static IEnumerable<string> ReadPlain(string path) => Read(path, keepLineBreaks: false, PlainBreaks);

    private static IEnumerable<string> Read(string path, bool keepLineBreaks, SearchValues<char> breaks)
    {
        using var blocks = new Utf8Blocks(path);
        var row = new StringBuilder();
        var afterReturn = false;
        while (blocks.Next() is { IsEmpty: false } block)
        {
            var from = 0;
            if (afterReturn && block.Span[0] == '\n') from = 1;
            afterReturn = false;
            while (block.Span[from..].IndexOfAny(breaks) is >= 0 and var length)
            {
                var ending = block.Span[from + length];
                row.Append(block.Span.Slice(from, length));
                if (keepLineBreaks) row.Append(ending == '\r' ? '\n' : ending);
                from += length + 1;
                if (ending == '\r' && from == block.Length) afterReturn = true;
                else if (ending == '\r' && block.Span[from] == '\n') from++;
                yield return row.ToString();
                row.Clear();
            }
            row.Append(block.Span[from..]);
        }
        if (row.Length > 0) yield return row.ToString();
    }

    /// <summary>A file decoded block by block, strictly.</summary>
    private sealed class Utf8Blocks(string path) : IDisposable
    {
        private readonly Stream _file = FileContent.Open(path);
        private readonly byte[] _bytes = new byte[1 << 16];
        private readonly char[] _chars = new char[1 << 16];
        private int _left; // bytes of an unfinished character, at the front
        private long _offset;
        private int _line = 1;

        /// <summary>The next characters; empty at the end.</summary>
        public ReadOnlyMemory<char> Next()
        {
            var length = _left + _file.ReadAtLeast(_bytes.AsSpan(_left), _bytes.Length - _left, throwOnEndOfStream: false);
            var isLast = length < _bytes.Length;
            var status = Utf8.ToUtf16(_bytes.AsSpan(0, length), _chars, out var read, out var written, replaceInvalidSequences: false,
                isLast);
            _line += _bytes.AsSpan(0, read).Count((byte)'\n');
            if (status == OperationStatus.InvalidData)
                throw new InvalidDataException(
                    $"{path}:{_line}: byte 0x{_bytes[read]:x2} at offset {_offset + read} is not UTF-8, expected text in UTF-8");
            _left = length - read;
            _offset += read;
            _bytes.AsSpan(read, _left).CopyTo(_bytes);
            return _chars.AsMemory(0, written);
        }

        public void Dispose() => _file.Dispose();
    }
}
