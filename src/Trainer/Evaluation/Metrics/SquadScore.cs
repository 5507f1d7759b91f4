using System.Text;

namespace NativeTrainer.Evaluation;

/// <summary>Exact match and F1 of answers as SQuAD counts them (Rajpurkar et al. 2016): texts are compared in lower case, without
/// punctuation marks, articles and superfluous blanks; of several right answers the nearest counts.</summary>
public static class SquadScore
{
    /// <summary>1 where the answer is one of the right ones, else 0.</summary>
    /// <param name="answer">What was found.</param>
    /// <param name="right">The right answers; none means that there is no answer, and only an empty text is right.</param>
    public static double ExactMatch(string answer, IReadOnlyList<string> right)
    {
        var normal = Normalize(answer);
        return right.Count == 0 ? Bit(normal.Length == 0) : Bit(right.Any(other => Normalize(other) == normal));
    }

    /// <summary>The greatest F1 of words in common with a right answer, from 0 to 1.</summary>
    /// <param name="answer">What was found.</param>
    /// <param name="right">The right answers; none means that there is no answer.</param>
    public static double F1(string answer, IReadOnlyList<string> right) =>
        right.Count == 0 ? ExactMatch(answer, right) : right.Max(other => F1(Words(answer), Words(other)));

    /// <summary>The text that is compared.</summary>
    public static string Normalize(string text) => string.Join(' ', Words(text));

    private static double F1(string[] answer, string[] right)
    {
        if (answer.Length == 0 || right.Length == 0) return Bit(answer.Length == right.Length);
        var counts = new Dictionary<string, int>();
        foreach (var word in right) counts[word] = counts.GetValueOrDefault(word) + 1;
        var common = 0;
        foreach (var word in answer)
        {
            if (counts.GetValueOrDefault(word) == 0) continue;
            counts[word]--;
            common++;
        }
        return F1Score.Of(common, answer.Length, right.Length);
    }

    private static string[] Words(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.ToLowerInvariant())
        {
            if (!IsMark(letter)) plain.Append(letter);
        }
        var words = plain.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Where(word => word is not ("a" or "an" or "the"))];
    }

    // Python's string.punctuation.
    private static bool IsMark(char letter) => char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter));

    private static double Bit(bool value) => value ? 1 : 0;
}
