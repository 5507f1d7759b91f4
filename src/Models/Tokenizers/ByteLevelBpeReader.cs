using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>What makes a byte-level BPE tokenizer.</summary>
/// <param name="Source">The file with the vocabulary, for messages.</param>
/// <param name="Vocabulary">Tokens, spelt with <see cref="ByteLevel"/>'s characters, and their ids.</param>
/// <param name="Merges">Pairs of tokens with a blank between, first to merge first.</param>
internal sealed record ByteLevelBpe(string Source, Dictionary<string, int> Vocabulary, IReadOnlyList<string> Merges)
{
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Special tokens by the name of their part.</summary>
    public IReadOnlyDictionary<string, string> Named { get; init; } = new Dictionary<string, string>();

    public int? ModelMaxLength { get; init; }

    public bool CleansUp { get; init; } = true;

    /// <summary>Whether a text is taken as if it began with a blank.</summary>
    public bool AddsPrefixSpace { get; init; }

    /// <summary>Whether a text is cut into words before merging.</summary>
    public bool CutsWords { get; init; } = true;

    /// <summary>The files it was read from, to be written as they were.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Files { get; init; } = [];
}

/// <summary>Reads <c>tokenizer.json</c>; refuses every part that is not byte-level BPE.</summary>
internal static class ByteLevelBpeReader
{
    public static ByteLevelBpe Read(TokenizerFile file)
    {
        if (!TokenizerFile.TryGet(file.Root, "model", out var model)) throw file.Wrong("has no model");
        Require(file, "model", "BPE");
        Require(file, "normalizer", [null]);
        Require(file, "pre_tokenizer", "ByteLevel");
        Require(file, "post_processor", null, "ByteLevel");
        Require(file, "decoder", "ByteLevel");
        foreach (var option in new[] { "dropout", "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (TokenizerFile.TryGet(model, option, out var value) && value.GetRawText() is not ("0" or "0.0" or "\"\""))
                throw Refuse(file, "model." + option, value.GetRawText());
        }
        foreach (var option in new[] { "fuse_unk", "byte_fallback", "ignore_merges" })
        {
            if (file.Flag(model, option, false)) throw Refuse(file, "model." + option, "true");
        }
        if (!TokenizerFile.TryGet(model, "vocab", out var vocab)) throw file.Wrong("the model has no vocab");
        var cutting = file.Root.GetProperty("pre_tokenizer");
        return new(file.Path, file.Vocabulary(vocab), ReadMerges(file, model))
        {
            Added = ReadAdded(file),
            AddsPrefixSpace = file.Flag(cutting, "add_prefix_space", true),
            CutsWords = file.Flag(cutting, "use_regex", true),
        };
    }

    private static void Require(TokenizerFile file, string part, params string?[] types)
    {
        var found = file.TypeOf(part);
        if (!types.Contains(found)) throw Refuse(file, part, found ?? "null", string.Join(" or ", types.Select(t => t ?? "null")));
    }

    private static NotSupportedException Refuse(TokenizerFile file, string part, string found, string? expected = null)
    {
        var instead = expected is null ? "" : $", expected {expected}";
        return new($"{file.Path}: {part} is {found}, which is not supported{instead} (byte-level BPE is what there is)");
    }

    /// <summary>Merges are texts <c>"a b"</c> or, in newer files, pairs <c>["a", "b"]</c>.</summary>
    private static List<string> ReadMerges(TokenizerFile file, JsonElement model)
    {
        var merges = new List<string>();
        if (!TokenizerFile.TryGet(model, "merges", out var list)) return merges;
        if (list.ValueKind != JsonValueKind.Array) throw file.Wrong($"merges is {list.ValueKind}, expected a list");
        foreach (var merge in list.EnumerateArray())
        {
            merges.Add(merge.ValueKind switch
            {
                JsonValueKind.String => merge.GetString()!,
                JsonValueKind.Array when merge.GetArrayLength() == 2 => merge[0].GetString() + " " + merge[1].GetString(),
                _ => throw file.Wrong($"merge {merges.Count} is {merge.GetRawText()}, expected a text or a pair of texts"),
            });
        }
        return merges;
    }

    private static List<AddedToken> ReadAdded(TokenizerFile file)
    {
        var added = new List<AddedToken>();
        if (!TokenizerFile.TryGet(file.Root, "added_tokens", out var list)) return added;
        foreach (var element in list.EnumerateArray())
        {
            if (!TokenizerFile.TryGet(element, "id", out var id) || !id.TryGetInt32(out var number))
                throw file.Wrong($"the added token {added.Count} has no id");
            added.Add(AddedToken.Read(file, element, number));
        }
        return added;
    }
}
