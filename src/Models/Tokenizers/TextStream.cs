namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Text of ids that come one by one: gives each piece as soon as it is certain, and holds back characters of which bytes may still come.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="skipSpecialTokens">Whether to leave special tokens out.</param>
public sealed class TextStream(ITokenizer tokenizer, bool skipSpecialTokens = true)
{
    private readonly List<int> _ids = []; // those whose text was given last, and those after them
    private int _context; // how many of them stand only for what comes before: blanks depend on it
    private int _given; // characters of the text of _ids that were given

    /// <summary>Takes the next id.</summary>
    /// <returns>The text that has become certain; empty where a character is unfinished.</returns>
    public string Add(int id)
    {
        _ids.Add(id);
        var text = Text();
        var certain = text.AsSpan().TrimEnd('\uFFFD').Length; // what an unfinished character looks like
        var piece = certain > _given ? text[_given..certain] : "";
        if (certain == text.Length && _given <= certain) Continue(text.Length);
        else _given = Math.Max(_given, certain);
        return piece;
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>What was held back.</returns>
    public string Finish()
    {
        var text = Text();
        var rest = _given < text.Length ? text[_given..] : "";
        _ids.Clear();
        (_context, _given) = (0, 0);
        return rest;
    }

    private void Continue(int length)
    {
        if (length == _given) return; // nothing new yet
        _ids.RemoveRange(0, _context);
        _context = _ids.Count;
        _given = Text().Length;
    }

    private string Text() => tokenizer.Decode([.. _ids], skipSpecialTokens, cleanUpTokenizationSpaces: false);
}
