using System.Numerics.Tensors;

namespace NativeTrainer.Models;

/// <summary>What generation does with the scores of a vocabulary: vectorised, and without memory of its own.</summary>
internal static class Scores
{
    private const int Block = 1024; // on the stack

    /// <summary>Turns scores into probabilities in place.</summary>
    public static void Softmax(Span<float> scores)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), scores);
        TensorPrimitives.Exp(scores, scores);
        TensorPrimitives.Divide(scores, Sum(scores), scores);
    }

    /// <summary>Turns scores into the logarithms of probabilities in place.</summary>
    public static void LogSoftmax(Span<float> scores)
    {
        Span<float> block = stackalloc float[Block];
        var highest = TensorPrimitives.Max(scores);
        TensorPrimitives.Subtract(scores, highest, scores);
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i += Block)
        {
            var part = scores[i..Math.Min(i + Block, scores.Length)];
            TensorPrimitives.Exp(part, block);
            sum += TensorPrimitives.Sum(block[..part.Length]);
        }
        TensorPrimitives.Subtract(scores, (float)Math.Log(sum), scores);
    }

    /// <summary>The first of the highest scores; a NaN is the highest, as in torch.</summary>
    public static int Argmax(ReadOnlySpan<float> scores) => TensorPrimitives.IndexOfMax(scores);

    /// <summary>Bans what is below <paramref name="lowest"/>.</summary>
    public static void BanBelow(Span<float> scores, float lowest)
    {
        for (var i = 0; i < scores.Length; i += Block)
        {
            var part = scores[i..Math.Min(i + Block, scores.Length)];
            if (TensorPrimitives.Min(part) >= lowest) continue;
            foreach (ref var score in part) score = score < lowest ? float.NegativeInfinity : score;
        }
    }

    /// <summary>Leaves one token only.</summary>
    public static void Force(Span<float> scores, int token)
    {
        scores.Fill(float.NegativeInfinity);
        scores[token] = 0;
    }

    // In blocks, so that the sum of a large vocabulary keeps its digits.
    private static float Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i += Block) sum += TensorPrimitives.Sum(values[i..Math.Min(i + Block, values.Length)]);
        return (float)sum;
    }
}
