using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Reads the <c>model</c> of tokenizer.json.</summary>
internal static class ModelReader
{
    private const string Types = "BPE, WordPiece, Unigram, WordLevel";

    /// <exception cref="NotSupportedException">It is of an unknown type, or drops merges at random.</exception>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static ITokenModel Read(JsonPart part) => (part.Part("type") is null ? Guess(part) : part.Type) switch
    {
        "BPE" => ReadBpe(part),
        "WordPiece" => new WordPiece(
            ReadVocabulary(part), part.Text("unk_token", "[UNK]"), part.Text("continuing_subword_prefix", "##"),
            part.Count("max_input_chars_per_word", 100)),
        "WordLevel" => new WordLevel(ReadVocabulary(part), part.Text("unk_token", "<unk>")),
        "Unigram" => ReadUnigram(part),
        _ => throw part.Refuse(Types),
    };

    // Old files have no type.
    private static string Guess(JsonPart part)
    {
        if (part.Part("merges") is not null) return "BPE";
        if (part.Required("vocab").Element.ValueKind == JsonValueKind.Array) return "Unigram";
        return part.Part("max_input_chars_per_word") is null ? "WordLevel" : "WordPiece";
    }

    private static Vocabulary ReadVocabulary(JsonPart part) =>
        new(part.File.Path, part.File.Vocabulary(part.Required("vocab").Element));

    private static BytePairEncoding ReadBpe(JsonPart part)
    {
        if (part.Part("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
        {
            throw new NotSupportedException($"{part.File.Path}: {dropout.Name} is {dropout.Element.GetRawText()}, which is not supported:"
                + " the same text gives the same tokens here; set it to null");
        }
        return new(ReadVocabulary(part), ReadMerges(part), new()
        {
            UnkToken = part.Part("unk_token") is null ? null : part.Text("unk_token"),
            FuseUnk = part.Flag("fuse_unk", false),
            ByteFallback = part.Flag("byte_fallback", false),
            IgnoreMerges = part.Flag("ignore_merges", false),
            ContinuingSubwordPrefix = part.Text("continuing_subword_prefix", ""),
            EndOfWordSuffix = part.Text("end_of_word_suffix", ""),
        });
    }

    /// <summary>Merges are texts <c>"a b"</c> or, in newer files, pairs <c>["a", "b"]</c>.</summary>
    private static List<(string, string)> ReadMerges(JsonPart part)
    {
        var merges = new List<(string, string)>();
        foreach (var merge in part.List("merges"))
        {
            var element = merge.Element;
            if (element.ValueKind == JsonValueKind.String) merges.Add(SplitMerge(element.GetString()!) ?? throw merge.Wrong("two tokens and a blank between"));
            else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 2
                && element[0].ValueKind == JsonValueKind.String && element[1].ValueKind == JsonValueKind.String)
                merges.Add((element[0].GetString()!, element[1].GetString()!));
            else throw merge.Wrong("a text or a pair of texts");
        }
        return merges;
    }

    /// <summary>The two tokens of a merge's text; null where it has not one blank.</summary>
    public static (string, string)? SplitMerge(string text)
    {
        var blank = text.IndexOf(' ');
        return blank < 0 || text.IndexOf(' ', blank + 1) >= 0 ? null : (text[..blank], text[(blank + 1)..]);
    }

    private static Unigram ReadUnigram(JsonPart part)
    {
        var pieces = new List<(string, double)>();
        foreach (var piece in part.List("vocab"))
        {
            var element = piece.Element;
            if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != 2 || element[0].ValueKind != JsonValueKind.String
                || element[1].ValueKind != JsonValueKind.Number) throw piece.Wrong("a list of a token and its score");
            pieces.Add((element[0].GetString()!, element[1].GetDouble()));
        }
        int? unk = part.Part("unk_id") is null ? null : part.Count("unk_id");
        return new(part.File.Path, pieces, unk, part.Flag("byte_fallback", false));
    }
}
