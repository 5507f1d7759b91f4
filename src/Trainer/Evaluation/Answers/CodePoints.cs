namespace NativeTrainer.Evaluation;

/// <summary>Texts counted in Unicode code points, as Python and tokenizers' offsets count, and not in UTF-16 units.</summary>
public static class CodePoints
{
    /// <summary>How many code points a text has.</summary>
    public static int Count(string text)
    {
        var count = text.Length;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1])) count--;
        }
        return count;
    }

    /// <summary>A part of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The first code point.</param>
    /// <param name="end">The one behind the last.</param>
    public static string Slice(string text, int start, int end)
    {
        var first = IndexOf(text, start, 0, 0);
        return text[first..IndexOf(text, end, first, start)];
    }

    // Where a code point begins in UTF-16 units; one is known already.
    private static int IndexOf(string text, int codePoint, int index, int at)
    {
        while (at < codePoint && index < text.Length)
        {
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
            at++;
        }
        return index;
    }
}
