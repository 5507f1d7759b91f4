namespace NativeTrainer.Models.Tokenizers;

/// <summary>Changes a text before it is cut into words. The parts of tokenizer.json's <c>normalizer</c>.</summary>
internal interface INormalizer
{
    /// <summary>Changes a text.</summary>
    /// <param name="text">The text; another buffer afterwards, if that is easier.</param>
    /// <param name="spare">A buffer to write into; what it holds is lost.</param>
    void Normalize(ref TextBuffer text, ref TextBuffer spare);
}

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(INormalizer[] parts) : INormalizer
{
    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        foreach (var part in parts) part.Normalize(ref text, ref spare);
    }
}
