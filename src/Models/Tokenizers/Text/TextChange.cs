namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// A new text told as changes of the old one: for each code point 0 where it replaces one, 1 where it is new (and stands for what the one
/// before stands for), -n where it replaces one and n more after it are gone.
/// </summary>
internal static class TextChange
{
    /// <summary>Makes the new text.</summary>
    public static void Apply<T>(ref TextBuffer text, ref TextBuffer spare, List<T> changes, Func<T, (int Point, int Change)> read)
    {
        spare.Clear();
        var at = 0;
        foreach (var item in changes)
        {
            var (point, change) = read(item);
            if (change > 0)
            {
                if (at == 0) spare.Add(point, 0, 0);
                else spare.Add(point, text, at - 1);
                continue;
            }
            at = Math.Min(at, text.Count - 1);
            spare.Add(point, text, at);
            at += 1 - change;
        }
        (text, spare) = (spare, text);
    }
}
