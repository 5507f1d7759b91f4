using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Folders without a tokenizer.json: BERT's vocab.txt, GPT-2's vocab.json and merges.txt, T5's spiece.model, Llama's tokenizer.model. They
/// become what Hugging Face's convert_slow_tokenizer makes of them.
/// </summary>
internal static class SlowFiles
{
    private const string Qwen2Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        + @"|\s+(?!\S)|\s+";

    /// <summary>The class whose files a folder has, where no file names it; null where it has none.</summary>
    public static string? Guess(string folder) => Has(folder, "vocab.json") && Has(folder, "merges.txt") ? "GPT2Tokenizer"
        : Has(folder, "vocab.txt") ? "BertTokenizer"
        : Has(folder, "spiece.model") ? "T5Tokenizer"
        : Has(folder, "tokenizer.model") ? "LlamaTokenizer"
        : null;

    /// <exception cref="FileNotFoundException">The folder lacks a file that the class needs.</exception>
    /// <exception cref="NotSupportedException">The class is none of those above.</exception>
    public static TokenizerParts Read(string folder, string name, SpecialTokenNames special)
    {
        if (TokenizerClass.IsBert(name) && name is not ("MPNetTokenizer" or "FunnelTokenizer")) return Bert(folder, special);
        return name switch
        {
            "GPT2Tokenizer" or "RobertaTokenizer" or "Qwen2Tokenizer" => ByteLevelBpe(folder, name, special),
            "T5Tokenizer" => T5(SentencePieceModel.Read(Need(folder, "spiece.model")), special),
            "LlamaTokenizer" => Llama(SentencePieceModel.Read(Need(folder, "tokenizer.model"))),
            _ => throw new NotSupportedException($"{folder}: has no tokenizer.json, and its tokenizer_class is {name}, which is not supported"
                + " without one; save the tokenizer with use_fast=True to get one"),
        };
    }

    private static TokenizerParts Bert(string folder, SpecialTokenNames special)
    {
        var path = Need(folder, "vocab.txt");
        var ids = new Dictionary<string, int>();
        foreach (var line in File.ReadLines(path, Encoding.UTF8)) ids[line.TrimEnd()] = ids.Count;
        var vocabulary = new Vocabulary(path, ids);
        var (cls, sep) = (Token(vocabulary, special, "cls_token"), Token(vocabulary, special, "sep_token"));
        TemplatePiece[] single = [TemplatePiece.Special(cls, 0), TemplatePiece.Text(0, 0), TemplatePiece.Special(sep, 0)];
        return new(new WordPiece(vocabulary, Token(vocabulary, special, "unk_token").Content, "##", 100))
        {
            Normalizer = new BertNormalizer(true, true, null, true),
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = new TemplateProcessing(single, [.. single, TemplatePiece.Text(1, 1), TemplatePiece.Special(sep, 1)]),
            Decoder = new WordPieceDecoder("##", true),
        };
    }

    private static TokenizerParts ByteLevelBpe(string folder, string name, SpecialTokenNames special)
    {
        var (vocabPath, mergesPath) = (Need(folder, "vocab.json"), Need(folder, "merges.txt"));
        var file = TokenizerFile.Read(folder, Path.GetFileName(vocabPath))!;
        var vocabulary = new Vocabulary(mergesPath, file.Vocabulary(file.Root));
        var merges = new List<(string, string)>();
        var number = 0;
        foreach (var line in File.ReadLines(mergesPath, Encoding.UTF8))
        {
            number++;
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal)) continue;
            merges.Add(ModelReader.SplitMerge(line)
                ?? throw new InvalidDataException($"{mergesPath}: line {number} is '{line}', expected two tokens and a blank between"));
        }
        return new(new BytePairEncoding(vocabulary, merges, new()))
        {
            Normalizer = name == "Qwen2Tokenizer" ? new UnicodeNormalizer(isCompatible: false, composes: true) : null,
            PreTokenizer = name == "Qwen2Tokenizer"
                ? new SequencePreTokenizer([new SplitPreTokenizer(new RegexPattern(Qwen2Pattern), SplitBehavior.Isolated, Qwen2Pattern),
                    new ByteLevelPreTokenizer(false, false)])
                : new ByteLevelPreTokenizer(false, true),
            PostProcessor = name == "RobertaTokenizer"
                ? new PairProcessing(Token(vocabulary, special, "cls_token"), Token(vocabulary, special, "sep_token"), true, true, false)
                : new ByteLevelPostProcessor(trimsOffsets: false, addsPrefixSpace: false),
            Decoder = new ByteLevelDecoder(),
        };
    }

    private static TokenizerParts T5(SentencePieceModel model, SpecialTokenNames special)
    {
        const int extraIds = 100;
        var pieces = model.Pieces.Select(piece => (piece.Piece, (double)piece.Score)).ToList();
        for (var i = extraIds - 1; i >= 0; i--) pieces.Add(($"<extra_id_{i}>", 0));
        if (model.IsBpe) throw new NotSupportedException($"{model.Path}: holds a BPE model, expected a unigram model, as T5 has it");
        var unigram = new Unigram(model.Path, pieces, model.UnkId, byteFallback: false);
        var eos = Token(unigram.Vocabulary, special, "eos_token");
        TemplatePiece[] single = [TemplatePiece.Text(0, 0), TemplatePiece.Special(eos, 0)];
        return new(unigram)
        {
            Normalizer = Spaces(model),
            PreTokenizer = new Metaspace('\u2581', PrependScheme.Always),
            PostProcessor = new TemplateProcessing(single, [.. single, TemplatePiece.Text(1, 0), TemplatePiece.Special(eos, 0)]),
            Decoder = new Metaspace('\u2581', PrependScheme.Always),
            Added = [.. Enumerable.Range(0, extraIds).Select(i => new AddedToken(
                $"<extra_id_{i}>", pieces.Count - 1 - i, IsSpecial: true, StripsLeft: true, StripsRight: true))],
        };
    }

    private static SequenceNormalizer Spaces(SentencePieceModel model)
    {
        List<INormalizer> parts = [];
        if (model.PrecompiledCharsmap.Length > 0)
        {
            try
            {
                parts.Add(new Precompiled(model.PrecompiledCharsmap));
            }
            catch (FormatException wrong)
            {
                throw new InvalidDataException($"{model.Path}: precompiled_charsmap: {wrong.Message}", wrong);
            }
        }
        return new([.. parts, new StripNormalizer(left: false, right: true), new Replace(new RegexPattern(" {2,}"), "\u2581")]);
    }

    private static TokenizerParts Llama(SentencePieceModel model)
    {
        var ids = new Dictionary<string, int>(model.Pieces.Count);
        foreach (var (piece, _, _) in model.Pieces) ids[piece] = ids.Count;
        if (!model.IsBpe) throw new NotSupportedException($"{model.Path}: holds a unigram model, expected a BPE model, as Llama has it");
        var vocabulary = new Vocabulary(model.Path, ids);
        var unknown = model.UnkId < model.Pieces.Count ? model.Pieces[model.UnkId].Piece : null;
        return new(new BytePairEncoding(vocabulary, Merges(model, ids), new() { UnkToken = unknown, FuseUnk = true, ByteFallback = true }))
        {
            Normalizer = new SequenceNormalizer([new Prepend("\u2581"), new Replace(new LiteralPattern(" "), "\u2581")]),
            Decoder = new SequenceDecoder([new ReplaceDecoder(new LiteralPattern("\u2581"), " "), new ByteFallbackDecoder(), new FuseDecoder(),
                new StripDecoder(" ", 1, 0)]),
            Added = [.. new[] { "<unk>", "<s>", "</s>" }.Where(ids.ContainsKey)
                .Select(token => new AddedToken(token, ids[token], IsSpecial: true, IsNormalized: false))],
        };
    }

    // Every way to make a piece of two others is a merge, best pieces first.
    private static List<(string, string)> Merges(SentencePieceModel model, Dictionary<string, int> ids)
    {
        var merges = new List<(string Left, string Right, float Score)>();
        foreach (var (piece, score, _) in model.Pieces)
        {
            var local = new List<(string Left, string Right)>();
            for (var i = 1; i < piece.Length; i++)
            {
                if (char.IsLowSurrogate(piece[i])) continue;
                var (left, right) = (piece[..i], piece[i..]);
                if (ids.ContainsKey(left) && ids.ContainsKey(right)) local.Add((left, right));
            }
            merges.AddRange(local.OrderBy(m => ids[m.Left]).ThenBy(m => ids[m.Right]).Select(m => (m.Left, m.Right, score)));
        }
        return [.. merges.OrderByDescending(m => m.Score).Select(m => (m.Left, m.Right))]; // keeps the order of equals
    }

    private static SpecialToken Token(Vocabulary vocabulary, SpecialTokenNames special, string part)
    {
        var content = special.Named.GetValueOrDefault(part) ?? throw new InvalidDataException($"{vocabulary.Source}: there is no {part}");
        return new(content, vocabulary.IdOf(content)
            ?? throw new InvalidDataException($"{vocabulary.Source}: has no {content}, which is the {part}"));
    }

    private static bool Has(string folder, string file) => File.Exists(Path.Combine(folder, file));

    private static string Need(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{folder}: has neither a tokenizer.json nor a {file}", path);
    }
}
