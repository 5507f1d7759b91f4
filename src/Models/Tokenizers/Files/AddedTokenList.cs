using System.Globalization;
using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Puts together the added tokens of tokenizer.json, of tokenizer_config.json or added_tokens.json, and the special ones: what is in the
/// vocabulary keeps its id, what is new comes after it. Flags of tokenizer_config.json count more than those of tokenizer.json.
/// </summary>
internal static class AddedTokenList
{
    public static List<AddedToken> Complete(TokenizerParts parts, string folder, TokenizerFile? config, SpecialTokenNames special)
    {
        var added = new List<AddedToken>(parts.Added);
        var names = special.Tokens.Select(token => token.Content).ToHashSet();
        foreach (var token in Listed(folder, config)) Add(token.Id, names.Contains(token.Content) ? token with { IsSpecial = true } : token);
        foreach (var token in special.Tokens)
        {
            if (!added.Exists(t => t.Content == token.Content)) Add(-1, token);
        }
        return added;

        void Add(int id, AddedToken token)
        {
            if (token.Content.Length == 0) return;
            var known = added.FindIndex(t => t.Content == token.Content);
            if (known >= 0)
            {
                // One that was special is still looked for as it was: in the raw text or in the normalized one.
                var old = added[known];
                added[known] = token with { Id = old.Id, IsSpecial = old.IsSpecial || token.IsSpecial,
                    IsNormalized = old.IsSpecial ? old.IsNormalized : token.IsNormalized };
                return;
            }
            var size = parts.Model.Vocabulary.Count;
            var next = added.Count == 0 ? size : Math.Max(size, added.Max(t => t.Id) + 1);
            added.Add(token with { Id = parts.Model.Vocabulary.IdOf(token.Content) ?? (id >= 0 ? id : next) });
        }
    }

    private static IEnumerable<AddedToken> Listed(string folder, TokenizerFile? config)
    {
        if (config is not null && TokenizerFile.TryGet(config.Root, "added_tokens_decoder", out var listed))
        {
            if (listed.ValueKind != JsonValueKind.Object) throw config.Wrong("added_tokens_decoder is no object of ids and tokens");
            var tokens = new List<AddedToken>();
            foreach (var entry in listed.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                    throw config.Wrong($"added_tokens_decoder has the id {entry.Name}, expected a whole number");
                tokens.Add(AddedToken.Read(config, entry.Value, id));
            }
            return tokens.OrderBy(token => token.Id);
        }
        return TokenizerFile.Read(folder, "added_tokens.json") is { } file
            ? file.Vocabulary(file.Root).OrderBy(entry => entry.Value).Select(entry => new AddedToken(entry.Key, entry.Value, IsSpecial: false,
                IsNormalized: true))
            : [];
    }
}
