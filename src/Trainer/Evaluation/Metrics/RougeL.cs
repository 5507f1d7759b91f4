using System.Text;

namespace NativeTrainer.Evaluation;

/// <summary>ROUGE-L: how much of two texts is their longest common subsequence of words, as the harmonic mean of its share of either
/// (Lin 2004, "ROUGE: a package for automatic evaluation of summaries").</summary>
/// <remarks>Words are runs of a–z and 0–9 in lower case, as in Google's <c>rouge_score</c> without a stemmer.</remarks>
public static class RougeL
{
    /// <summary>The score of a text against a reference, from 0 to 1.</summary>
    public static double Of(string prediction, string reference) => Of<string>(Words(prediction), Words(reference));

    /// <summary>The score of a sequence against a reference, from 0 to 1; 0 where one of them is empty.</summary>
    public static double Of<T>(IReadOnlyList<T> prediction, IReadOnlyList<T> reference)
    {
        if (prediction.Count == 0 || reference.Count == 0) return 0;
        var common = LongestCommonSubsequence(prediction, reference);
        var (precision, recall) = (common / (double)prediction.Count, common / (double)reference.Count);
        return common == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    /// <summary>The words that count.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        foreach (var letter in text.ToLowerInvariant().Append(' '))
        {
            if (char.IsAsciiLetterOrDigit(letter)) word.Append(letter);
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        return words;
    }

    private static int LongestCommonSubsequence<T>(IReadOnlyList<T> first, IReadOnlyList<T> second)
    {
        var (row, equality) = (new int[second.Count + 1], EqualityComparer<T>.Default);
        foreach (var item in first)
        {
            var diagonal = 0;
            for (var j = 1; j < row.Length; j++)
            {
                var above = row[j];
                row[j] = equality.Equals(item, second[j - 1]) ? diagonal + 1 : Math.Max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[^1];
    }
}
