using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Reads the <c>post_processor</c> of tokenizer.json.</summary>
internal static class PostProcessorReader
{
    private const string Types = "ByteLevel, BertProcessing, RobertaProcessing, TemplateProcessing, Sequence";

    /// <exception cref="NotSupportedException">It is of an unknown type.</exception>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static IPostProcessor Read(JsonPart part) => part.Type switch
    {
        "ByteLevel" => new ByteLevelPostProcessor(part.Flag("trim_offsets", true), part.Flag("add_prefix_space", true)),
        "BertProcessing" => new PairProcessing(ReadToken(part, "cls"), ReadToken(part, "sep"), false, false, false),
        "RobertaProcessing" => new PairProcessing(
            ReadToken(part, "cls"), ReadToken(part, "sep"), true, part.Flag("trim_offsets", true), part.Flag("add_prefix_space", true)),
        "TemplateProcessing" => new TemplateProcessing(ReadTemplate(part, "single"), ReadTemplate(part, "pair")),
        "Sequence" => new SequencePostProcessor([.. part.List("processors").Select(Read)]),
        _ => throw part.Refuse(Types),
    };

    // ["[CLS]", 101]
    private static SpecialToken ReadToken(JsonPart part, string name)
    {
        var pair = part.Required(name);
        if (pair.Element.ValueKind == JsonValueKind.Array && pair.Element.GetArrayLength() == 2
            && pair.Element[0].ValueKind == JsonValueKind.String && pair.Element[1].ValueKind == JsonValueKind.Number
            && pair.Element[1].TryGetInt32(out var id)) return new(pair.Element[0].GetString()!, id);
        throw pair.Wrong("a list of a token and its id");
    }

    private static List<TemplatePiece> ReadTemplate(JsonPart part, string name)
    {
        var pieces = new List<TemplatePiece>();
        foreach (var piece in part.List(name))
        {
            if (piece.Part("Sequence") is { } sequence)
                pieces.Add(TemplatePiece.Text(sequence.Choice<int>("id", null, ("A", 0), ("B", 1)), sequence.Count("type_id")));
            else
            {
                var special = piece.Part("SpecialToken") ?? throw piece.Wrong("an object with Sequence or SpecialToken");
                pieces.Add(new(null, special.Count("type_id"), ReadSpecial(part, special.Text("id"))));
            }
        }
        return pieces;
    }

    private static List<SpecialToken> ReadSpecial(JsonPart part, string name)
    {
        var token = part.Required("special_tokens").Required(name);
        var ids = token.List("ids").Select(id => id.Element.ValueKind == JsonValueKind.Number && id.Element.TryGetInt32(out var number)
            ? number
            : throw id.Wrong("a whole number")).ToList();
        var tokens = token.List("tokens").Select(text => text.Element.ValueKind == JsonValueKind.String
            ? text.Element.GetString()!
            : throw text.Wrong("a text")).ToList();
        if (ids.Count != tokens.Count) throw token.Wrong("as many ids as tokens");
        return [.. tokens.Zip(ids, (text, id) => new SpecialToken(text, id))];
    }
}
