namespace NativeTrainer.Evaluation;

/// <summary>The mean of float32 numbers as NumPy adds them up: pairwise, in float32,
/// so that the last digit of a logged loss agrees.</summary>
internal static class NumpyMean
{
    private const int Block = 128;

    public static float Of(ReadOnlySpan<float> values) => values.IsEmpty ? float.NaN : Sum(values) / values.Length;

    private static float Sum(ReadOnlySpan<float> values)
    {
        if (values.Length < 8)
        {
            var sum = -0f;
            foreach (var value in values) sum += value;
            return sum;
        }
        if (values.Length <= Block)
        {
            Span<float> lanes = stackalloc float[8];
            values[..8].CopyTo(lanes);
            var i = 8;
            for (; i + 8 <= values.Length; i += 8)
            {
                for (var j = 0; j < 8; j++) lanes[j] += values[i + j];
            }
            var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]) + (lanes[4] + lanes[5] + (lanes[6] + lanes[7]));
            for (; i < values.Length; i++) sum += values[i];
            return sum;
        }
        var half = values.Length / 2;
        half -= half % 8;
        return Sum(values[..half]) + Sum(values[half..]);
    }
}
