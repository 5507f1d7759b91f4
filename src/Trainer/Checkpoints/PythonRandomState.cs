using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>The state of Python's <c>random</c> module, as <c>random.getstate()</c> gives it.</summary>
/// <param name="Words">The 624 words of its Mersenne Twister.</param>
/// <param name="Position">How many of them are used up; 624 when freshly seeded.</param>
/// <param name="SecondGauss">The second number of a pair of normal numbers, where one waits.</param>
public sealed record PythonRandomState(uint[] Words, int Position, double? SecondGauss)
{
    /// <summary>The state after <c>random.seed(seed)</c> with a whole number: its absolute value in 32-bit words is the key.</summary>
    public static PythonRandomState FromSeed(long seed)
    {
        var size = seed < 0 ? (ulong)-(seed + 1) + 1 : (ulong)seed;
        var twister = new MersenneTwister(0);
        twister.Seed(size > uint.MaxValue ? [(uint)size, (uint)(size >> 32)] : [(uint)size]);
        return new PythonRandomState(twister.Words.ToArray(), twister.Position, null);
    }

    internal object?[] ToPickle() => [3L, (object?[])[.. Words.Select(word => (object)(long)word), (long)Position], SecondGauss];

    internal static PythonRandomState? FromPickle(object? value) =>
        value is object?[] and [3L, object?[] { Length: MersenneTwister.Length + 1 } words, null or double]
        && words.All(word => word is >= 0L and <= uint.MaxValue) && words[^1] is long and <= MersenneTwister.Length and var position
            ? new PythonRandomState([.. words[..^1].Select(word => (uint)(long)word!)], (int)position, ((object?[])value)[2] as double?)
            : null;
}
