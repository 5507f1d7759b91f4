using System.Globalization;
using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Writes a trained tokenizer's files with the keys, order and layout of Hugging Face's: tokenizer.json as the tokenizers library 0.15
/// writes it, the others as Transformers does.
/// </summary>
internal sealed class TokenizerWriter(TokenizerTrainingOptions options, TrainedMerges trained)
{
    private readonly StringBuilder _text = new();
    private int _level;
    private bool _isFirst = true;

    private bool IsWordPiece => options.Kind == TokenizerKind.WordPiece;

    /// <summary>The files' names and texts.</summary>
    public IEnumerable<(string Name, string Text)> Files()
    {
        yield return ("tokenizer.json", TokenizerJson());
        yield return ("tokenizer_config.json", Config());
        yield return ("special_tokens_map.json", PythonJson.Write(Roles(), indent: 2, sortKeys: true) + "\n");
        if (IsWordPiece) yield return ("vocab.txt", string.Concat(trained.Tokens.Select(token => token + "\n")));
    }

    private string TokenizerJson()
    {
        _text.Clear();
        Open('{');
        Value("version", "1.0");
        Raw("truncation", "null");
        Raw("padding", "null");
        Open('[', "added_tokens");
        foreach (var (token, id) in Special())
        {
            Open('{');
            Raw("id", Whole(id));
            Value("content", token);
            foreach (var flag in new[] { "single_word", "lstrip", "rstrip", "normalized" }) Raw(flag, "false");
            Raw("special", "true");
            Close('}');
        }
        Close(']');
        if (IsWordPiece) WriteBert();
        else WriteByteLevel();
        Open('{', "model");
        if (IsWordPiece)
        {
            Value("type", "WordPiece");
            Value("unk_token", "[UNK]");
            Value("continuing_subword_prefix", "##");
            Raw("max_input_chars_per_word", "100");
        }
        else
        {
            Value("type", "BPE");
            foreach (var option in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" }) Raw(option, "null");
            Raw("fuse_unk", "false");
            Raw("byte_fallback", "false");
        }
        Open('{', "vocab");
        for (var id = 0; id < trained.Tokens.Count; id++) Raw(trained.Tokens[id], Whole(id));
        Close('}');
        if (!IsWordPiece)
        {
            Open('[', "merges");
            foreach (var (left, right) in trained.Merges) Item(Quote($"{trained.Tokens[left]} {trained.Tokens[right]}"));
            Close(']');
        }
        Close('}');
        Close('}');
        return _text.ToString();
    }

    private void WriteBert()
    {
        Open('{', "normalizer");
        Value("type", "BertNormalizer");
        Raw("clean_text", "true");
        Raw("handle_chinese_chars", "true");
        Raw("strip_accents", "null");
        Raw("lowercase", options.Lowercase ? "true" : "false");
        Close('}');
        Open('{', "pre_tokenizer");
        Value("type", "BertPreTokenizer");
        Close('}');
        var special = Special().ToDictionary(s => s.Token, s => s.Id);
        if (special.TryGetValue("[SEP]", out var sep) && special.TryGetValue("[CLS]", out var cls))
        {
            Open('{', "post_processor");
            Value("type", "BertProcessing");
            foreach (var (name, token, id) in new[] { ("sep", "[SEP]", sep), ("cls", "[CLS]", cls) })
            {
                Open('[', name);
                Item(Quote(token));
                Item(Whole(id));
                Close(']');
            }
            Close('}');
        }
        else Raw("post_processor", "null");
        Open('{', "decoder");
        Value("type", "WordPiece");
        Value("prefix", "##");
        Raw("cleanup", "true");
        Close('}');
    }

    private void WriteByteLevel()
    {
        Raw("normalizer", "null");
        WriteLevel("pre_tokenizer", options.AddPrefixSpace);
        Raw("post_processor", "null");
        WriteLevel("decoder", true);

        void WriteLevel(string part, bool addsPrefixSpace)
        {
            Open('{', part);
            Value("type", "ByteLevel");
            Raw("add_prefix_space", addsPrefixSpace ? "true" : "false");
            Raw("trim_offsets", "true");
            Raw("use_regex", "true");
            Close('}');
        }
    }

    private string Config()
    {
        var config = new Dictionary<string, object?>(Roles())
        {
            ["added_tokens_decoder"] = Special().ToDictionary(s => Whole(s.Id), s => (object?)new Dictionary<string, object?>
            {
                ["content"] = s.Token,
                ["lstrip"] = false,
                ["normalized"] = false,
                ["rstrip"] = false,
                ["single_word"] = false,
                ["special"] = true,
            }),
            ["clean_up_tokenization_spaces"] = true,
            ["tokenizer_class"] = IsWordPiece ? "BertTokenizer" : "PreTrainedTokenizerFast",
        };
        if (IsWordPiece)
            (config["do_lower_case"], config["strip_accents"], config["tokenize_chinese_chars"]) = (options.Lowercase, null, true);
        if (options.ModelMaxLength is { } length) config["model_max_length"] = (long)length;
        var text = PythonJson.Write(config, indent: 2, sortKeys: true) + "\n";
        // Transformers' number for "no limit", int(1e30), which is none of JSON's usual ones.
        return options.ModelMaxLength is null
            ? text.Replace("  \"tokenizer_class\"", "  \"model_max_length\": 1000000000000000019884624838656,\n  \"tokenizer_class\"")
            : text;
    }

    // Which part a special token plays follows from how it is called.
    private Dictionary<string, object?> Roles()
    {
        var roles = new Dictionary<string, object?>();
        var others = new List<object?>();
        foreach (var (token, _) in Special())
        {
            var role = token switch
            {
                "<s>" or "<bos>" => "bos_token",
                "</s>" or "<eos>" => "eos_token",
                "<unk>" or "[UNK]" => "unk_token",
                "<pad>" or "[PAD]" => "pad_token",
                "<sep>" or "[SEP]" => "sep_token",
                "<cls>" or "[CLS]" => "cls_token",
                "<mask>" or "[MASK]" => "mask_token",
                "<|endoftext|>" => "",
                _ => null,
            };
            if (role is null) others.Add(token);
            else if (role.Length > 0) roles.TryAdd(role, token);
        }
        if (options.AllSpecialTokens.Contains("<|endoftext|>"))
        {
            foreach (var role in new[] { "bos_token", "eos_token", "unk_token", "pad_token" }) roles.TryAdd(role, "<|endoftext|>");
        }
        if (others.Count > 0) roles["additional_special_tokens"] = others;
        return roles;
    }

    private IEnumerable<(string Token, int Id)> Special() => options.AllSpecialTokens.Select((token, id) => (token, id));

    private void Open(char bracket, string? name = null)
    {
        Begin(name);
        _text.Append(bracket);
        _level++;
        _isFirst = true;
    }

    private void Close(char bracket)
    {
        _level--;
        if (!_isFirst) Line();
        _text.Append(bracket);
        _isFirst = false;
    }

    private void Value(string name, string value) => Raw(name, Quote(value));

    private void Raw(string name, string value)
    {
        Begin(name);
        _text.Append(value);
    }

    private void Item(string value)
    {
        Begin(null);
        _text.Append(value);
    }

    private void Begin(string? name)
    {
        if (!_isFirst) _text.Append(',');
        if (_level > 0) Line();
        _isFirst = false;
        if (name is not null) _text.Append(Quote(name)).Append(": ");
    }

    private void Line() => _text.Append('\n').Append(' ', 2 * _level);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    // As Rust's serde writes texts: what must be escaped is, the rest stays.
    private static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        return text.Append('"').ToString();
    }
}
