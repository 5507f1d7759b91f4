namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// What a <c>tokenizer_class</c> adds to its files in Hugging Face: special tokens that are not named, what the model takes, and options of
/// tokenizer_config.json that change a part of tokenizer.json.
/// </summary>
internal static class TokenizerClass
{
    /// <summary>The class's name without "Fast"; empty where no file names one.</summary>
    public static string Name(TokenizerFile? config)
    {
        var name = config is null ? "" : new JsonPart(config, "tokenizer_config", config.Root).Text("tokenizer_class", "");
        return name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
    }

    /// <summary>Whether it is one of BERT's kind.</summary>
    public static bool IsBert(string name) => name is "BertTokenizer" or "DistilBertTokenizer" or "ElectraTokenizer" or "MobileBertTokenizer"
        or "RetriBertTokenizer" or "SqueezeBertTokenizer" or "MPNetTokenizer" or "LayoutLMTokenizer" or "FunnelTokenizer";

    /// <summary>Special tokens that are meant where no file names them.</summary>
    public static IEnumerable<(string Part, string Content)> DefaultTokens(string name)
    {
        if (name is "MPNetTokenizer" or "FunnelTokenizer") return [];
        if (IsBert(name))
        {
            return [("unk_token", "[UNK]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"), ("cls_token", "[CLS]"), ("mask_token", "[MASK]")];
        }
        return name switch
        {
            "GPT2Tokenizer" => [("bos_token", "<|endoftext|>"), ("eos_token", "<|endoftext|>"), ("unk_token", "<|endoftext|>")],
            "T5Tokenizer" => [("eos_token", "</s>"), ("unk_token", "<unk>"), ("pad_token", "<pad>")],
            "LlamaTokenizer" => [("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>")],
            "RobertaTokenizer" =>
            [
                ("bos_token", "<s>"), ("eos_token", "</s>"), ("unk_token", "<unk>"), ("sep_token", "</s>"), ("pad_token", "<pad>"),
                ("cls_token", "<s>"), ("mask_token", "<mask>"),
            ],
            "Qwen2Tokenizer" => [("eos_token", "<|endoftext|>"), ("pad_token", "<|endoftext|>"), ("unk_token", "<|endoftext|>")],
            _ => [],
        };
    }

    /// <summary>What the class's models take.</summary>
    public static IReadOnlyList<string> ModelInputNames(string name) => name switch
    {
        "GPT2Tokenizer" or "T5Tokenizer" or "LlamaTokenizer" or "RobertaTokenizer" or "Qwen2Tokenizer" or "DistilBertTokenizer"
            or "CodeGenTokenizer" => ["input_ids", "attention_mask"],
        _ => ["input_ids", "token_type_ids", "attention_mask"],
    };

    /// <summary>Changes the parts as the class's constructor does.</summary>
    public static TokenizerParts Adjust(TokenizerParts parts, string name, TokenizerFile? config)
    {
        var options = new JsonPart(config!, "tokenizer_config", config?.Root ?? default); // without a file every option has its default
        if (IsBert(name) && parts.Normalizer is BertNormalizer bert)
        {
            bool? strips = options.Part("strip_accents") is null ? null : options.Flag("strip_accents", false);
            return parts with
            {
                Normalizer = bert with
                {
                    Lowercases = options.Flag("do_lower_case", true),
                    StripsAccents = strips,
                    SeparatesChinese = options.Flag("tokenize_chinese_chars", true),
                },
            };
        }
        if (name is "GPT2Tokenizer" or "RobertaTokenizer")
        {
            var prefix = options.Flag("add_prefix_space", false);
            return parts with
            {
                PreTokenizer = parts.PreTokenizer is ByteLevelPreTokenizer level ? level with { AddsPrefixSpace = prefix } : parts.PreTokenizer,
                RefusesWords = !prefix,
            };
        }
        if (name == "LlamaTokenizer" && parts.Model is BytePairEncoding) return parts with { PostProcessor = LlamaTemplate(parts, options) };
        return parts;
    }

    private static TemplateProcessing LlamaTemplate(TokenizerParts parts, JsonPart options)
    {
        var (bos, eos) = (Token("bos_token", "add_bos_token", true), Token("eos_token", "add_eos_token", false));
        List<TemplatePiece> single = [.. Part(bos, 0), TemplatePiece.Text(0, 0), .. Part(eos, 0)];
        return new(single, [.. single, .. Part(bos, 1), TemplatePiece.Text(1, 1), .. Part(eos, 1)]);

        SpecialToken? Token(string part, string option, bool missing)
        {
            if (!options.Flag(option, missing)) return null;
            if (!parts.Named.TryGetValue(part, out var content)) throw Wrong($"{option} is true, but there is no {part}");
            var id = parts.Added.FirstOrDefault(token => token.Content == content)?.Id ?? parts.Model.Vocabulary.IdOf(content);
            return new(content, id ?? throw Wrong($"the {part} \"{content}\" is not in the vocabulary"));
        }

        InvalidDataException Wrong(string problem) => new($"{parts.Model.Vocabulary.Source}: {problem}");

        static IEnumerable<TemplatePiece> Part(SpecialToken? token, int typeId) =>
            token is { } special ? [TemplatePiece.Special(special, typeId)] : [];
    }
}
