namespace NativeTrainer.Models.Tokenizers;

/// <summary>What makes a tokenizer: the parts of tokenizer.json, and what the files beside it say.</summary>
internal sealed record TokenizerParts(ITokenModel Model)
{
    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public IPostProcessor? PostProcessor { get; init; }

    public IDecoder? Decoder { get; init; }

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Special tokens by the name of their part.</summary>
    public IReadOnlyDictionary<string, string> Named { get; init; } = new Dictionary<string, string>();

    public int? ModelMaxLength { get; init; }

    public bool CleansUp { get; init; } = true;

    public bool PadsLeft { get; init; }

    public bool TruncatesLeft { get; init; }

    public int PadTypeId { get; init; }

    /// <summary>Whether texts that are cut into words are refused, as Hugging Face's GPT-2 tokenizer does without a prefix space.</summary>
    public bool RefusesWords { get; init; }

    public IReadOnlyList<string> ModelInputNames { get; init; } = ["input_ids", "token_type_ids", "attention_mask"];

    /// <summary>The files it was read from, to be written as they were.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Files { get; init; } = [];
}
