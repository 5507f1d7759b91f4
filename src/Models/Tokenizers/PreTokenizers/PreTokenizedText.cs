namespace NativeTrainer.Models.Tokenizers;

/// <summary>A word of a text, or an added token.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Token">The id, if it is an added token; else -1.</param>
internal readonly record struct Word(int Start, int End, int Token = -1)
{
    public bool IsToken => Token >= 0;
}

/// <summary>What happens with the parts that a pattern found.</summary>
internal enum SplitBehavior
{
    /// <summary>They are left out.</summary>
    Removed,

    /// <summary>They are words of their own.</summary>
    Isolated,

    /// <summary>They end the word before.</summary>
    MergedWithPrevious,

    /// <summary>They begin the word after.</summary>
    MergedWithNext,

    /// <summary>Those side by side are one word.</summary>
    Contiguous,
}

/// <summary>A text that pre-tokenizers cut into words.</summary>
internal sealed class PreTokenizedText
{
    private readonly List<PatternMatch> _matches = [];
    private List<Word> _words = [];
    private List<Word> _newWords = [];
    private TextBuffer _text = new();
    private TextBuffer _newText = new();

    public TextBuffer Text => _text;

    /// <summary>The words in their order; none is empty.</summary>
    public List<Word> Words => _words;

    public void Clear()
    {
        _text.Clear();
        _words.Clear();
    }

    /// <summary>Adds a part of a text as one word or as an added token.</summary>
    public void Add(TextBuffer text, int start, int end, int token = -1)
    {
        if (start == end) return;
        var at = _text.Count;
        _text.Add(text, start, end);
        _words.Add(new(at, _text.Count, token));
    }

    /// <summary>Cuts every word where a pattern says.</summary>
    public void Split(IPattern pattern, SplitBehavior behavior)
    {
        _newWords.Clear();
        foreach (var word in _words)
        {
            if (word.IsToken)
            {
                _newWords.Add(word);
                continue;
            }
            _matches.Clear();
            pattern.Find(_text.Points[word.Start..word.End], _matches);
            Cut(word.Start, behavior);
        }
        (_words, _newWords) = (_newWords, _words);
    }

    /// <summary>Writes every word anew.</summary>
    /// <param name="write">Reads a word of a text, appends to another.</param>
    public void Rewrite(Action<TextBuffer, Word, TextBuffer> write)
    {
        _newText.Clear();
        _newWords.Clear();
        foreach (var word in _words)
        {
            var at = _newText.Count;
            if (word.IsToken) _newText.Add(_text, word.Start, word.End);
            else write(_text, word, _newText);
            if (_newText.Count > at) _newWords.Add(new(at, _newText.Count, word.Token));
        }
        (_words, _newWords) = (_newWords, _words);
        (_text, _newText) = (_newText, _text);
    }

    private void Cut(int offset, SplitBehavior behavior)
    {
        var first = _newWords.Count;
        if (behavior == SplitBehavior.MergedWithNext) // from the end, each match taking in what follows it
        {
            var wasMatch = false;
            for (var i = _matches.Count - 1; i >= 0; i--)
            {
                var (start, end, isMatch) = _matches[i];
                if (isMatch && !wasMatch && _newWords.Count > first) _newWords[^1] = _newWords[^1] with { Start = offset + start };
                else _newWords.Add(new(offset + start, offset + end));
                wasMatch = isMatch;
            }
            _newWords.Reverse(first, _newWords.Count - first);
        }
        else
        {
            var wasMatch = false;
            foreach (var (start, end, isMatch) in _matches)
            {
                var joins = _newWords.Count > first && behavior switch
                {
                    SplitBehavior.Contiguous => isMatch == wasMatch,
                    SplitBehavior.MergedWithPrevious => isMatch && !wasMatch,
                    _ => false,
                };
                if (joins) _newWords[^1] = _newWords[^1] with { End = offset + end };
                else if (!(isMatch && behavior == SplitBehavior.Removed)) _newWords.Add(new(offset + start, offset + end));
                wasMatch = isMatch;
            }
        }
        for (var i = _newWords.Count - 1; i >= first; i--)
        {
            if (_newWords[i].Start == _newWords[i].End) _newWords.RemoveAt(i);
        }
    }
}
