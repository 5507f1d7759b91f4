namespace NativeTrainer.Models;

/// <summary>Makes tokens of the encoder's input likelier; of the prompt, where there is no encoder.</summary>
/// <remarks>As in Hugging Face only as many rows as there are inputs are changed, the first ones: with beams not those of their inputs.</remarks>
/// <param name="penalty">Above 1 for likelier.</param>
/// <param name="inputs">The ids of each input, padding included.</param>
public sealed class EncoderRepetitionPenaltyProcessor(double penalty, IReadOnlyList<long[]> inputs) : LogitsProcessor
{
    private readonly float _penalty = (float)(1 / penalty);
    private float[] _changed = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (row < inputs.Count) RepetitionPenaltyProcessor.Apply(inputs[row], scores, _penalty, ref _changed);
    }
}
