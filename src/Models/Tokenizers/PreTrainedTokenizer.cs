using System.Runtime.ExceptionServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// A tokenizer with the rules of Hugging Face's <c>tokenizers</c> and <c>PreTrainedTokenizerFast</c>. <see cref="Tokenizer"/> reads it.
/// </summary>
internal sealed class PreTrainedTokenizer : ITokenizer
{
    private const int SequencePlace = -1;

    private readonly TokenizerParts _parts;
    private readonly TokenizerPipeline _pipeline;
    private readonly Dictionary<string, int> _addedIds = [];
    private readonly Dictionary<int, string> _addedTokens = [];
    private readonly HashSet<string> _special;
    private readonly int[] _before, _after; // the ids around a single text

    public PreTrainedTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _pipeline = new(parts);
        foreach (var token in parts.Added) (_addedIds[token.Content], _addedTokens[token.Id]) = (token.Id, token.Content);
        _special = [.. parts.Added.Where(t => t.IsSpecial).Select(t => t.Content)];
        SpecialTokens = SpecialTokens.Of(parts.Named, TokenToId);
        Length = parts.Model.Vocabulary.Count + _addedIds.Keys.Count(token => parts.Model.Vocabulary.IdOf(token) is null);
        (_before, _after) = Around();
    }

    public int VocabSize => _parts.Model.Vocabulary.Count;

    public int Length { get; }

    public int? ModelMaxLength => _parts.ModelMaxLength;

    public SpecialTokens SpecialTokens { get; }

    public string PaddingSide => _parts.PadsLeft ? "left" : "right";

    public string TruncationSide => _parts.TruncatesLeft ? "left" : "right";

    public IReadOnlyList<string> ModelInputNames => _parts.ModelInputNames;

    /// <summary>The parts, for training.</summary>
    internal TokenizerPipeline Pipeline => _pipeline;

    public int? TokenToId(string token) => _addedIds.TryGetValue(token, out var id) ? id : _parts.Model.Vocabulary.IdOf(token);

    public string? IdToToken(int id) => _addedTokens.GetValueOrDefault(id) ?? _parts.Model.Vocabulary.TokenOf(id);

    public void Encode(string text, List<int> ids, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (addSpecialTokens) ids.AddRange(_before);
        _pipeline.Encode(text, ids);
        if (addSpecialTokens) ids.AddRange(_after);
    }

    public int NumSpecialTokensToAdd(bool isPair = false) => _parts.PostProcessor?.AddedTokens(isPair) ?? 0;

    public BatchEncoding EncodeBatch(IReadOnlyList<EncodingInput> inputs, EncodingOptions? options = null)
    {
        var plan = BatchPlan.Make(this, options ?? new());
        var encodings = new TextEncoding[inputs.Count];
        if (inputs.Sum(input => input.First.Sum(text => text.Length)) < 1 << 16)
        {
            for (var i = 0; i < encodings.Length; i++) encodings[i] = Encode(inputs[i], plan);
        }
        else
        {
            EncodeOnAllCores(inputs, plan, encodings);
        }
        plan.Pad(encodings, SpecialTokens.Pad, _parts.PadTypeId);
        var rows = new List<TextEncoding>(encodings.Length);
        var samples = new List<int>(encodings.Length);
        for (var i = 0; i < encodings.Length; i++)
        {
            rows.Add(encodings[i]);
            if (plan.ReturnsOverflow) rows.AddRange(encodings[i].Overflowing);
            samples.AddRange(Enumerable.Repeat(i, rows.Count - samples.Count));
        }
        return new(rows, samples);
    }

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false, bool? cleanUpTokenizationSpaces = null)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            if (IdToToken(id) is { } token && !(skipSpecialTokens && _special.Contains(token))) tokens.Add(token);
        }
        _parts.Decoder?.Decode(tokens);
        var text = _parts.Decoder is null ? string.Join(' ', tokens) : string.Concat(tokens);
        return cleanUpTokenizationSpaces ?? _parts.CleansUp ? CleanUp(text) : text;
    }

    public void SavePretrained(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in _parts.Files) AtomicFile.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    private void EncodeOnAllCores(IReadOnlyList<EncodingInput> inputs, BatchPlan plan, TextEncoding[] encodings)
    {
        try
        {
            Parallel.For(0, encodings.Length, i => encodings[i] = Encode(inputs[i], plan));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private TextEncoding Encode(EncodingInput input, BatchPlan plan)
    {
        if (input.IsSplitIntoWords && _parts.RefusesWords)
        {
            throw new ArgumentException("the texts are cut into words, which this kind of tokenizer takes only with add_prefix_space: true"
                + " in its tokenizer_config.json");
        }
        var texts = new List<TextEncoding> { EncodeSequence(input.First, input.IsSplitIntoWords, 0) };
        if (input.Second is not null) texts.Add(EncodeSequence(input.Second, input.IsSplitIntoWords, 1));
        plan.Truncate(texts, plan.AddsSpecialTokens ? NumSpecialTokensToAdd(texts.Count == 2) : 0);
        return PostProcess(texts, plan.AddsSpecialTokens);
    }

    private TextEncoding EncodeSequence(IReadOnlyList<string> words, bool isSplit, int sequence)
    {
        var encoding = new TextEncoding();
        for (var i = 0; i < words.Count; i++) _pipeline.Encode(words[i], sequence, encoding, isSplit ? i : null);
        return encoding;
    }

    private TextEncoding PostProcess(List<TextEncoding> texts, bool addSpecialTokens)
    {
        if (_parts.PostProcessor is null)
        {
            if (texts.Count == 1) return texts[0];
            for (var i = 0; i < texts.Count; i++) texts[i].SetSequence(i, 0, texts[i].Length);
        }
        else
        {
            for (var i = 0; i < texts.Count; i++)
            {
                texts[i].SetSequence(i, 0, texts[i].Length);
                foreach (var part in texts[i].Overflowing) part.SetSequence(i, 0, part.Length);
                texts[i].SetTypeIds(i);
            }
            texts = _parts.PostProcessor.Process(texts, addSpecialTokens);
        }
        if (texts.Count == 1) return texts[0];
        var whole = new TextEncoding();
        foreach (var text in texts) whole.MergeWith(text);
        return whole;
    }

    private (int[] Before, int[] After) Around()
    {
        var text = new TextEncoding();
        text.Add(SequencePlace, 0, "", (0, 0), null);
        var ids = PostProcess([text], addSpecialTokens: true).Ids.ToArray();
        var at = Array.IndexOf(ids, SequencePlace);
        if (at < 0 || Array.LastIndexOf(ids, SequencePlace) != at)
            throw new NotSupportedException("the post_processor's template for single texts has the text twice or not at all");
        return (ids[..at], ids[(at + 1)..]);
    }

    /// <summary>
    /// Takes out the blanks that word tokenizers leave before marks and contractions, as Hugging Face's <c>clean_up_tokenization</c> does.
    /// </summary>
    private static string CleanUp(string text) => text
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'")
        .Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re");
}
