namespace NativeTrainer.Models.Tokenizers;

/// <summary>A token that a model made of a part of a word.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">Where it begins in the word, in code points.</param>
/// <param name="End">Where it ends.</param>
/// <param name="IsSurface">Whether it is called as the text is spelt, not as the vocabulary spells it: unigram's unknown parts.</param>
internal readonly record struct Token(int Id, int Start, int End, bool IsSurface = false);

/// <summary>Makes tokens of words. The kinds of tokenizer.json's <c>model</c>: BPE, WordPiece, Unigram, WordLevel.</summary>
internal interface ITokenModel
{
    /// <summary>The vocabulary.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Appends the tokens of a word.</summary>
    /// <exception cref="InvalidDataException">The vocabulary has no token for it, nor one for the unknown.</exception>
    void Tokenize(ReadOnlySpan<int> word, List<Token> tokens);
}
