namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Text of ids that come one by one: gives each piece as soon as it is certain, and holds back characters of which bytes may still come.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="skipSpecialTokens">Whether to leave special tokens out.</param>
public sealed class TextStream(ITokenizer tokenizer, bool skipSpecialTokens = true)
{
    private readonly List<int> _ids = [];
    private int _given; // characters of the text of _ids that were given

    /// <summary>Takes the next id.</summary>
    /// <returns>The text that has become certain; empty where a character is unfinished.</returns>
    public string Add(int id)
    {
        _ids.Add(id);
        var text = Text();
        var certain = text.AsSpan().TrimEnd('\uFFFD').Length; // what an unfinished character looks like
        var piece = certain > _given ? text[_given..certain] : "";
        if (certain == text.Length) Clear();
        else _given = Math.Max(_given, certain);
        return piece;
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>What was held back.</returns>
    public string Finish()
    {
        var rest = Text()[_given..];
        Clear();
        return rest;
    }

    private void Clear()
    {
        _ids.Clear();
        _given = 0;
    }

    private string Text() => tokenizer.Decode([.. _ids], skipSpecialTokens, cleanUpTokenizationSpaces: false);
}
