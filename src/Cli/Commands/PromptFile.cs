using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Commands;

/// <summary>
/// Rows of JSON with prompts: <c>text</c>, or <c>input_ids</c>, which come first where a row has both; for a model with an encoder also
/// <c>decoder_input_ids</c>.
/// </summary>
internal static class PromptFile
{
    /// <summary>Reads all rows; blank lines are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tokenizer">For texts; null where there is none.</param>
    /// <param name="vocabSize">Ids are below it.</param>
    /// <param name="positions">The longest prompt; null where there is no limit.</param>
    /// <exception cref="InvalidDataException">A row that is wrong; the message names it.</exception>
    public static List<Prompt> Read(string path, ITokenizer? tokenizer, int vocabSize, int? positions)
    {
        List<Prompt> prompts = [];
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var row = new Row($"{path}, row {number}", Parse(path, number, line));
            var ids = row.Ids("input_ids", vocabSize) ?? row.Encode(tokenizer);
            if (ids.FirstOrDefault(id => id >= vocabSize) is > 0 and var wrong)
            {
                throw row.Wrong(
                    $"its text has the token {wrong}, expected ids below the model's vocabulary of {vocabSize}; is it the model's tokenizer?");
            }
            if (ids.Length > positions)
            {
                throw row.Wrong($"the prompt has {ids.Length} tokens, expected at most {positions}, the model's positions");
            }
            prompts.Add(new Prompt(number, ids, row.Ids("decoder_input_ids", vocabSize)));
        }
        return prompts.Count > 0
            ? prompts
            : throw new InvalidDataException($"{path}: has no rows, expected a JSON object with text or input_ids on each line");
    }

    private static IReadOnlyDictionary<string, object?> Parse(string path, int number, string line)
    {
        try
        {
            if (PythonJson.Read(line) is IReadOnlyDictionary<string, object?> row) return row;
        }
        catch (FormatException)
        {
        }
        throw new InvalidDataException($"{path}, row {number}: is no JSON object, expected one with text or input_ids");
    }

    private readonly record struct Row(string Place, IReadOnlyDictionary<string, object?> Values)
    {
        public InvalidDataException Wrong(string what) => new($"{Place}: {what}");

        public int[]? Ids(string name, int vocabSize)
        {
            if (!Values.TryGetValue(name, out var value)) return null;
            if (value is not IReadOnlyList<object?> list || list.Any(id => id is not long))
            {
                throw Wrong($"{name} is {PythonJson.Write(value)}, expected a list of whole numbers");
            }
            if (list.Count == 0) throw Wrong($"{name} is empty, expected at least one id");
            foreach (var id in list)
            {
                if (id is long whole && (ulong)whole < (ulong)vocabSize) continue;
                throw Wrong($"{name} has {id}, expected ids from 0 to {vocabSize - 1}, the model's vocabulary");
            }
            return [.. list.Select(id => (int)(long)id!)];
        }

        public int[] Encode(ITokenizer? tokenizer)
        {
            if (!Values.TryGetValue("text", out var value)) throw Wrong($"has {string.Join(", ", Values.Keys)}, expected text or input_ids");
            if (value is not string text) throw Wrong($"text is {PythonJson.Write(value)}, expected text");
            if (text.Length == 0) throw Wrong("text is empty, expected some");
            if (tokenizer is null) throw Wrong("has text, but the model's folder has no tokenizer; set tokenizer_name, or give input_ids");
            return tokenizer.Encode(text) is { Length: > 0 } ids ? ids : throw Wrong("text makes no tokens, expected some");
        }
    }
}

/// <summary>A prompt.</summary>
/// <param name="Row">The row of the file, from 1.</param>
/// <param name="Ids">Its tokens; of a model with an encoder what that reads.</param>
/// <param name="DecoderIds">What the decoder has written already.</param>
internal sealed record Prompt(int Row, int[] Ids, int[]? DecoderIds);
