using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What generation gives back (Hugging Face's <c>return_dict_in_generate</c>).</summary>
public sealed record GenerateOutput
{
    /// <summary>
    /// [batch × num_return_sequences, length] of int64: prompts and what follows, or what the decoder wrote; rows that ended early are padded.
    /// </summary>
    public required Tensor Sequences { get; init; }

    /// <summary>With beams: the sum of each row's log-probabilities, divided by its length to the power of length_penalty.</summary>
    public IReadOnlyList<float>? SequencesScores { get; init; }

    /// <summary>
    /// With output_scores and return_dict_in_generate: what the processors (and warpers) made of the scores, for each step [batch × beams,
    /// vocabulary], row by row.
    /// </summary>
    public IReadOnlyList<float[]>? Scores { get; init; }

    /// <summary>
    /// With beams: from which row of each step's scores a token of a sequence comes; -1 behind the last. (Hugging Face's count wrongly where
    /// there are groups.)
    /// </summary>
    public IReadOnlyList<int[]>? BeamIndices { get; init; }

    /// <summary>How long prompts are (of a decoder with an encoder: what it began with), padding included.</summary>
    public required int PromptLength { get; init; }

    /// <summary>
    /// The processed score of each new token (Hugging Face's <c>compute_transition_scores</c>), for each sequence; 0 behind the end of beams.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are no <see cref="Scores"/>.</exception>
    public float[][] TransitionScores()
    {
        if (Scores is not { Count: > 0 } scores)
        {
            throw new InvalidOperationException("there are no scores; set output_scores and return_dict_in_generate");
        }
        var (rows, length) = ((int)Sequences.Size(0), (int)Sequences.Size(1));
        var ids = Sequences.AsSpan<long>();
        var vocabulary = scores[0].Length / (BeamIndices is null ? rows : Math.Max(rows, RowsOfScores));
        var result = new float[rows][];
        for (var row = 0; row < rows; row++)
        {
            var found = new float[Math.Min(scores.Count, length - PromptLength)];
            for (var step = 0; step < found.Length; step++)
            {
                var source = BeamIndices is { } beams ? beams[row][step] : row;
                if (source >= 0) found[step] = scores[step][(source * vocabulary) + (int)ids[(row * length) + PromptLength + step]];
            }
            result[row] = found;
        }
        return result;
    }

    /// <summary>How many rows each of <see cref="Scores"/> has.</summary>
    internal int RowsOfScores { get; init; }
}
