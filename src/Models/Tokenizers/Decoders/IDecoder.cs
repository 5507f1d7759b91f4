namespace NativeTrainer.Models.Tokenizers;

/// <summary>Makes text of tokens. The parts of tokenizer.json's <c>decoder</c>.</summary>
internal interface IDecoder
{
    /// <summary>Changes the tokens, or joins them; in the end they are put one after the other.</summary>
    void Decode(List<string> tokens);
}

/// <summary>Several decoders, one after the other.</summary>
internal sealed class SequenceDecoder(IDecoder[] parts) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        foreach (var part in parts) part.Decode(tokens);
    }
}
