using System.Text;
using NativeTrainer.Data;

namespace NativeTrainer.Tests.Data;

/// <summary>Rows of text files, against what Python's open, read and splitlines give.</summary>
public class TextLinesTests
{
    private const string Text = "a\r\nb\rc\nd\ve\ff\u001cg\u001dh\u001ei\u0085j\u2028k\u2029l\n\nm\r\n\r\nn\r";
    private static readonly string[] PythonRows =
        ["a\n", "b\n", "c\n", "d\v", "e\f", "f\u001c", "g\u001d", "h\u001e", "i\u0085", "j\u2028", "k\u2029", "l\n", "\n", "m\n", "\n",
            "n\n"];

    private readonly string _file = Path.GetTempFileName();

    [TearDown]
    public void Remove() => File.Delete(_file);

    [Test]
    public void Rows_end_where_Python_ends_them()
    {
        File.WriteAllText(_file, Text, new UTF8Encoding(false));
        Assert.That(TextLines.Read(_file), Is.EqualTo(PythonRows));
        Assert.That(TextLines.Read(_file, keepLineBreaks: false), Is.EqualTo(PythonRows.Select(r => r[..^1])));
    }

    [TestCase("", new string[0])]
    [TestCase("no break", new[] { "no break" })]
    [TestCase("\n", new[] { "\n" })]
    [TestCase("\ufeffmark\nend", new[] { "\ufeffmark\n", "end" })]
    public void Ends_of_files(string text, string[] rows)
    {
        File.WriteAllText(_file, text, new UTF8Encoding(false));
        Assert.That(TextLines.Read(_file), Is.EqualTo(rows));
    }

    /// <summary>A file is read in blocks of 65,536 bytes: breaks and characters may lie across their edge.</summary>
    [TestCase(65535, "\r\nb")]
    [TestCase(65534, "\r\nb")]
    [TestCase(65535, "\rb")]
    [TestCase(65535, "é\nb")]
    [TestCase(65533, "😀\nb")]
    [TestCase(65536, "\nb")]
    public void Blocks_leave_no_seam(int before, string after)
    {
        var start = new string('x', before);
        File.WriteAllText(_file, start + after, new UTF8Encoding(false));
        var first = start + after[..after.IndexOfAny(['\r', '\n'])] + "\n";
        Assert.That(TextLines.Read(_file), Is.EqualTo(new[] { first, "b" }));
    }

    [TestCase(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xE9, (byte)'c' }, "2: byte 0xe9 at offset 3")]
    [TestCase(new byte[] { (byte)'a', 0xC3 }, "1: byte 0xc3 at offset 1")]
    [TestCase(new byte[] { 0xED, 0xA0, 0x80 }, "1: byte 0xed at offset 0")]
    public void Bytes_that_are_no_UTF8_are_named(byte[] bytes, string expected)
    {
        File.WriteAllBytes(_file, bytes);
        Assert.That(() => TextLines.Read(_file).Count(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains($"{_file}:{expected}"));
    }
}
