namespace NativeTrainer.Models.Tokenizers;

/// <summary>Reads the <c>decoder</c> of tokenizer.json.</summary>
internal static class DecoderReader
{
    private const string Types = "ByteLevel, WordPiece, Metaspace, BPEDecoder, ByteFallback, Fuse, Strip, Replace, CTC, Sequence";

    /// <exception cref="NotSupportedException">It is of an unknown type.</exception>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static IDecoder Read(JsonPart part) => part.Type switch
    {
        "ByteLevel" => new ByteLevelDecoder(),
        "WordPiece" => new WordPieceDecoder(part.Text("prefix", "##"), part.Flag("cleanup", true)),
        "Metaspace" => PreTokenizerReader.ReadMetaspace(part),
        "BPEDecoder" => new BpeDecoder(part.Text("suffix", "</w>")),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(part.Text("content"), part.Count("start"), part.Count("stop")),
        "Replace" => new ReplaceDecoder(NormalizerReader.ReadPattern(part), part.Text("content")),
        "CTC" => new CtcDecoder(part.Text("pad_token", "<pad>"), part.Text("word_delimiter_token", "|"), part.Flag("cleanup", true)),
        "Sequence" => new SequenceDecoder([.. part.List("decoders").Select(Read)]),
        _ => throw part.Refuse(Types),
    };
}
