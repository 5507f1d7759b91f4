namespace NativeTrainer.Models.Tokenizers;

/// <summary>The tokens of a model and their ids.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _tokens;

    /// <param name="source">The file, for messages.</param>
    /// <param name="ids">Tokens and ids.</param>
    public Vocabulary(string source, IReadOnlyDictionary<string, int> ids)
    {
        Source = source;
        _ids = new(ids, StringComparer.Ordinal);
        _tokens = new(ids.Count);
        foreach (var (token, id) in ids) _tokens[id] = token;
    }

    public string Source { get; }

    public int Count => _ids.Count;

    /// <summary>Every token and its id, in no order.</summary>
    public IEnumerable<KeyValuePair<string, int>> All => _ids;

    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public string? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>The ids of sentencepiece's byte tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; -1 where there is none.</summary>
    public int[] ByteTokens() => [.. Enumerable.Range(0, 256).Select(b => IdOf($"<0x{b:X2}>") ?? -1)];

    /// <summary>The token for the unknown.</summary>
    /// <exception cref="InvalidDataException">The vocabulary has none.</exception>
    public int Unknown(string? token) => token is not null && IdOf(token) is { } id
        ? id
        : throw new InvalidDataException(
            $"{Source}: the text has what no token stands for, and the vocabulary has no unk_token {(token is null ? "" : $"\"{token}\"")}");
}
