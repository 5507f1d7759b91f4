using NativeTrainer.Data;
using NativeTrainer.Evaluation;

namespace NativeTrainer.Cli.Tasks;

/// <summary>The right answers of a question.</summary>
/// <param name="Texts">The answers; none where the text has none.</param>
/// <param name="Start">Where the first begins in the text, in code points.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct RightAnswers(IReadOnlyList<string> Texts, int Start, int End);

/// <summary>Reads answers as SQuAD has them: lists of texts and of places.</summary>
internal sealed class AnswerColumns
{
    private readonly TaskFile _file;
    private readonly string _text, _start;

    private AnswerColumns(TaskFile file, string text, string start) => (_file, _text, _start) = (file, text, start);

    /// <summary>The columns; null where there are none and none are needed.</summary>
    /// <exception cref="InvalidDataException">They are needed and not there.</exception>
    public static AnswerColumns? Find(TaskFile file, string name, bool isNeeded)
    {
        var (text, start) = ($"{name}.text", $"{name}.answer_start");
        if (file.Columns.Contains(text) && file.Columns.Contains(start)) return new(file, text, start);
        if (!isNeeded) return null;
        throw new InvalidDataException(
            $"{file.Argument}: {file.FirstFile} has the columns {string.Join(", ", file.Columns)}, expected {name} with lists text and "
            + "answer_start; set answer_column_name");
    }

    /// <summary>The answers of a row.</summary>
    /// <exception cref="InvalidDataException">They are not where the row says.</exception>
    public RightAnswers Read(int row, string text, bool mayBeNone)
    {
        var (texts, starts) = (_file.Rows[row, _text], _file.Rows[row, _start]);
        string[] answers = texts.Kind switch
        {
            FeatureKind.Texts => texts.Texts.ToArray(),
            FeatureKind.Text => [texts.Text],
            FeatureKind.Ints or FeatureKind.Floats when texts.Length == 0 => [], // an empty list has no kind
            _ => throw _file.Wrong(row, $"has {TaskFile.Spell(texts)} in {_text}, expected a list of texts"),
        };
        if (answers.Length == 0)
        {
            if (mayBeNone) return new([], 0, 0);
            throw _file.Wrong(row, $"has no answer in {_text}, expected one, or version_2_with_negative to be set");
        }
        var start = starts.Kind switch
        {
            FeatureKind.Ints when starts.Length == answers.Length => starts.Ints[0],
            FeatureKind.Int when answers.Length == 1 => (int)starts.Int,
            _ => throw _file.Wrong(row, $"has {TaskFile.Spell(starts)} in {_start}, expected a place for each of {answers.Length} answers"),
        };
        var end = start + CodePoints.Count(answers[0]);
        if (start < 0 || end > CodePoints.Count(text))
            throw _file.Wrong(row, $"has an answer from {start} to {end} and a text of {CodePoints.Count(text)} code points");
        return CodePoints.Slice(text, start, end) == answers[0]
            ? new(answers, start, end)
            : throw _file.Wrong(
                row, $"says the answer is at {start}, where \"{CodePoints.Slice(text, start, end)}\" stands, expected \"{answers[0]}\"");
    }
}
