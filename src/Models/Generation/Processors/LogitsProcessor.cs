namespace NativeTrainer.Models;

/// <summary>Changes the scores from which a row's next token is taken. They are applied in order, one row after the other.</summary>
/// <remarks>
/// An instance belongs to one call of generation and may keep buffers; it allocates nothing once it has seen a row.
/// <example><code>
/// sealed class Ban(int token) : LogitsProcessor
/// {
///     public override void Process(int row, ReadOnlySpan&lt;long&gt; ids, Span&lt;float&gt; scores) => scores[token] = float.NegativeInfinity;
/// }
/// </code></example>
/// </remarks>
public abstract class LogitsProcessor
{
    /// <summary>Is called once before the rows of a step.</summary>
    /// <param name="lastTokens">The last id of each row.</param>
    public virtual void BeginStep(ReadOnlySpan<long> lastTokens)
    {
    }

    /// <summary>Changes scores in place; minus infinity bans a token.</summary>
    /// <param name="row">The number of the row in the batch; the beams of a prompt are neighbours.</param>
    /// <param name="ids">The row so far, padding included; of a decoder with an encoder what it has written, its start token included.</param>
    /// <param name="scores">One for each id of the vocabulary, before softmax; log-probabilities where there are beams.</param>
    public abstract void Process(int row, ReadOnlySpan<long> ids, Span<float> scores);

    /// <summary>The place of a token's score. As in torch, ids below 0 count from the end.</summary>
    /// <exception cref="ConfigurationException">The vocabulary has no such token.</exception>
    protected static int PlaceOf(int token, int vocabulary, string option)
    {
        var place = token < 0 ? vocabulary + token : token;
        if ((uint)place < (uint)vocabulary) return place;
        throw new ConfigurationException(nameof(GenerationConfig), $"{option} names token {token}, expected one of the vocabulary's {vocabulary}");
    }
}
