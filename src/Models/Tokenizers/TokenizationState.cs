namespace NativeTrainer.Models.Tokenizers;

/// <summary>What one thread needs while it tokenizes: buffers, and the words that it has seen.</summary>
internal sealed class TokenizationState
{
    private TextBuffer _part = new();
    private TextBuffer _spare = new();

    public PreTokenizedText Text { get; } = new();

    /// <summary>The tokens of a word.</summary>
    public List<Token> Tokens { get; } = [];

    public WordCache<int, Token> Words { get; } = new();

    /// <summary>The words of <see cref="ByteLevelEncoder"/>.</summary>
    public WordCache<char, int> ByteLevelWords { get; } = new();

    public MergeWord Symbols { get; } = new();

    public ref TextBuffer Part => ref _part;

    public ref TextBuffer Spare => ref _spare;
}
