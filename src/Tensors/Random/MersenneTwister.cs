using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeTrainer.Tensors;

/// <summary>MT19937: an endless stream of 32-bit words from 624 words of state, the generator inside PyTorch
/// (CPU), Python and NumPy.</summary>
/// <remarks>M. Matsumoto and T. Nishimura, "Mersenne Twister" (1998). The state is renewed in blocks, with
/// vectors, and each block is tempered at once.</remarks>
public sealed class MersenneTwister
{
    /// <summary>Words of state.</summary>
    public const int Length = 624;

    private const int Middle = 397;
    private const uint Upper = 0x8000_0000, Lower = 0x7FFF_FFFF, Twist = 0x9908_B0DF;

    private readonly uint[] _words = new uint[Length];
    private readonly uint[] _outputs = new uint[Length];

    /// <summary>A generator seeded with a number, as PyTorch and NumPy do it (init_genrand).</summary>
    public MersenneTwister(uint seed) => Seed(seed);

    /// <summary>The untempered state.</summary>
    public ReadOnlySpan<uint> Words => _words;

    /// <summary>How many words of the block are used up, 0 to 624; at 624 the block is renewed before the next word.</summary>
    public int Position { get; private set; }

    /// <summary>Whether the words are those of the seed, so that nothing has been drawn yet.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>Starts again from a number.</summary>
    public void Seed(uint seed)
    {
        _words[0] = seed;
        for (var i = 1; i < Length; i++) _words[i] = (1812433253u * (_words[i - 1] ^ (_words[i - 1] >> 30))) + (uint)i;
        (Position, IsFresh) = (Length, true);
    }

    /// <summary>Starts again from a key of any length, as Python's <c>random.seed</c> does it (init_by_array).</summary>
    public void Seed(ReadOnlySpan<uint> key)
    {
        if (key.IsEmpty) throw new ArgumentException("a key has at least one word", nameof(key));
        Seed(19650218u);
        int i = 1, j = 0;
        for (var k = Math.Max(Length, key.Length); k > 0; k--)
        {
            _words[i] = (_words[i] ^ ((_words[i - 1] ^ (_words[i - 1] >> 30)) * 1664525u)) + key[j] + (uint)j;
            i = Following(i);
            j = j + 1 == key.Length ? 0 : j + 1;
        }
        for (var k = Length - 1; k > 0; k--)
        {
            _words[i] = (_words[i] ^ ((_words[i - 1] ^ (_words[i - 1] >> 30)) * 1566083941u)) - (uint)i;
            i = Following(i);
        }
        _words[0] = Upper;

        // Place 0 always holds what the last place holds: the walk goes round over 1 to 623.
        int Following(int place)
        {
            if (place + 1 < Length) return place + 1;
            _words[0] = _words[Length - 1];
            return 1;
        }
    }

    /// <summary>Takes over a state that was saved.</summary>
    /// <exception cref="ArgumentException">Not 624 words, or a position outside 0 to 624.</exception>
    public void Load(ReadOnlySpan<uint> words, int position, bool isFresh = false)
    {
        if (words.Length != Length)
        {
            throw new ArgumentException($"a Mersenne Twister has {Length} words, found {words.Length}", nameof(words));
        }
        if (position is < 0 or > Length) throw new ArgumentException($"position {position} is not within 0 to {Length}", nameof(position));
        words.CopyTo(_words);
        (Position, IsFresh) = (position, isFresh);
        Temper();
    }

    /// <summary>The next word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next()
    {
        if (Position == Length) Renew();
        return _outputs[Position++];
    }

    /// <summary>The next words, at least one and at most <paramref name="count"/>, as many as the block still
    /// has. Valid until the next call.</summary>
    public ReadOnlySpan<uint> Take(int count)
    {
        if (Position == Length) Renew();
        var taken = _outputs.AsSpan(Position, Math.Min(count, Length - Position));
        Position += taken.Length;
        return taken;
    }

    private void Renew()
    {
        ref var words = ref MemoryMarshal.GetArrayDataReference(_words);

        // Each word needs the next one as it was, and the one 397 places on: still old for the first 227 words, already new for the rest.
        Mix(ref words, 0, Length - Middle, Middle);
        Mix(ref words, Length - Middle, Length - 1, Middle - Length);
        _words[Length - 1] = _words[Middle - 1] ^ Twisted(_words[Length - 1], _words[0]);
        (Position, IsFresh) = (0, false);
        Temper();
    }

    private static void Mix(ref uint words, int from, int to, int distance)
    {
        var i = from;
        for (; i <= to - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            var current = Vector256.LoadUnsafe(ref words, (nuint)i);
            var next = Vector256.LoadUnsafe(ref words, (nuint)i + 1);
            var y = (current & Vector256.Create(Upper)) | (next & Vector256.Create(Lower));
            var odd = Vector256<uint>.Zero - (y & Vector256<uint>.One);
            var far = Vector256.LoadUnsafe(ref words, (nuint)(i + distance));
            (far ^ (y >>> 1) ^ (odd & Vector256.Create(Twist))).StoreUnsafe(ref words, (nuint)i);
        }
        for (; i < to; i++)
        {
            ref var word = ref Unsafe.Add(ref words, i);
            word = Unsafe.Add(ref words, i + distance) ^ Twisted(word, Unsafe.Add(ref words, i + 1));
        }
    }

    private static uint Twisted(uint current, uint next)
    {
        var y = (current & Upper) | (next & Lower);
        return (y >> 1) ^ ((0u - (y & 1)) & Twist);
    }

    private void Temper()
    {
        ref var words = ref MemoryMarshal.GetArrayDataReference(_words);
        ref var outputs = ref MemoryMarshal.GetArrayDataReference(_outputs);
        for (nuint i = 0; i < Length; i += (nuint)Vector256<uint>.Count)
        {
            var y = Vector256.LoadUnsafe(ref words, i);
            y ^= y >>> 11;
            y ^= (y << 7) & Vector256.Create(0x9D2C_5680u);
            y ^= (y << 15) & Vector256.Create(0xEFC6_0000u);
            (y ^ (y >>> 18)).StoreUnsafe(ref outputs, i);
        }
    }
}
