using System.Runtime.CompilerServices;

namespace NativeTrainer.Tensors;

// Words, whole numbers and permutations.
public sealed partial class TorchGenerator
{
    // From this range on a whole number takes two words, so that the remainder stays even (2^32 in earlier versions of PyTorch).
    private const ulong WideRange = 1UL << 28;

    // From this length on a permutation draws two words a place.
    private const long LongPermutation = uint.MaxValue / 20;

    /// <summary>One word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NextUInt32() => _twister.Next();

    /// <summary>Two words, the first is the high half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        var high = _twister.Next();
        return ((ulong)high << 32) | _twister.Next();
    }

    /// <summary><c>torch.empty((), dtype=torch.int64).random_()</c>, 0 to 2^63 - 1: two words.</summary>
    public long RandomInt64() => (long)(NextUInt64() & long.MaxValue);

    /// <summary><c>torch.randint(low, high)</c>: one word, or two where <c>high - low</c> is 2^28 or more.</summary>
    /// <exception cref="ArgumentException"><paramref name="low"/> is not below <paramref name="high"/>.</exception>
    public long RandInt(long low, long high)
    {
        var range = Range(low, high);
        return low + (long)(range >= WideRange ? NextUInt64() % range : NextUInt32() % range);
    }

    /// <summary>As many draws of <see cref="RandInt(long, long)"/> as there are places.</summary>
    public void RandInt(Span<long> destination, long low, long high)
    {
        _ = Range(low, high);
        foreach (ref var value in destination) value = RandInt(low, high);
    }

    /// <summary><c>torch.randperm</c>: the numbers from 0 to n - 1 in random order, n - 1 words.</summary>
    public void RandPerm(Span<long> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = i;
        for (var i = 0; i < destination.Length - 1; i++)
        {
            var rest = (uint)(destination.Length - i);
            var j = i + (int)(destination.Length < LongPermutation ? NextUInt32() % rest : NextUInt64() % rest);
            (destination[i], destination[j]) = (destination[j], destination[i]);
        }
    }

    private static ulong Range(long low, long high) => low < high
        ? unchecked((ulong)(high - low))
        : throw new ArgumentException($"expected low below high, found {low} and {high}", nameof(low));
}
