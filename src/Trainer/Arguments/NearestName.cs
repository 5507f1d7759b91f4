namespace NativeTrainer;

/// <summary>
/// Finds the name that was probably meant: the one that the fewest insertions, deletions, replacements and swaps turn into the given one.
/// </summary>
public static class NearestName
{
    /// <summary>The nearest of <paramref name="known"/>; the first of several; null if there is none.</summary>
    public static string? Find(string name, IEnumerable<string> known) => known.MinBy(k => Distance(name, k));

    internal static int Distance(string a, string b)
    {
        var (before, last, next) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                next[j] = Math.Min(replace, Math.Min(last[j], next[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = Math.Min(next[j], before[j - 2] + 1);
            }
            (before, last, next) = (last, next, before);
        }
        return last[b.Length];
    }
}
