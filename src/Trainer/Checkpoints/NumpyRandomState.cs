using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>The state of NumPy's global generator, as <c>numpy.random.get_state()</c> gives it.</summary>
/// <param name="Words">The 624 words of its Mersenne Twister.</param>
/// <param name="Position">How many of them are used up; 624 when freshly seeded.</param>
/// <param name="SecondGauss">The second number of a pair of normal numbers, where one waits.</param>
public sealed record NumpyRandomState(uint[] Words, int Position, double? SecondGauss)
{
    private const string Name = "MT19937";

    /// <summary>The state after <c>numpy.random.seed(seed)</c>.</summary>
    public static NumpyRandomState FromSeed(uint seed)
    {
        var twister = new MersenneTwister(seed);
        return new NumpyRandomState(twister.Words.ToArray(), twister.Position, null);
    }

    internal object?[] ToPickle() => [Name, new NumpyWords(Words), (long)Position, SecondGauss is null ? 0L : 1L, SecondGauss ?? 0.0];

    // A list of words may stand for the array.
    internal static NumpyRandomState? FromPickle(object? value)
    {
        if (value is not (object?[] and [Name, var array, long position, long has, double gauss])) return null;
        if (position is < 0 or > MersenneTwister.Length) return null;
        var words = array switch
        {
            NumpyWords found => found.Values,
            List<object?> list when list.All(word => word is >= 0L and <= uint.MaxValue) => [.. list.Select(word => (uint)(long)word!)],
            _ => [],
        };
        return words.Length == MersenneTwister.Length ? new NumpyRandomState(words, (int)position, has == 0 ? null : gauss) : null;
    }
}
