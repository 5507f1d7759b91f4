namespace NativeTrainer.Data;

/// <summary>
/// NumPy's <c>default_rng(seed)</c>: PCG64 (https://www.pcg-random.org, XSL-RR of 128 bits) seeded through SeedSequence. Only what
/// shuffling needs.
/// </summary>
internal sealed class NumpyGenerator
{
    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private readonly UInt128 _increment;
    private UInt128 _state;
    private uint? _half; // of a 64-bit word whose low half was given out

    public NumpyGenerator(ulong seed)
    {
        Span<ulong> words = stackalloc ulong[4];
        SeedWords(seed, words);
        _increment = (new UInt128(words[2], words[3]) << 1) | 1;
        Step();
        _state += new UInt128(words[0], words[1]);
        Step();
    }

    /// <summary>A word of 64 bits.</summary>
    public ulong NextUInt64()
    {
        Step();
        return ulong.RotateRight((ulong)(_state >> 64) ^ (ulong)_state, (int)(_state >> 122));
    }

    /// <summary><c>random()</c>: from 0 to below 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary><c>integers(0, bound)</c> for bounds up to 2^32 - 1 (Lemire, https://arxiv.org/abs/1805.10941).</summary>
    public uint Integer(long bound)
    {
        if (bound == 1) return 0; // draws nothing
        var range = (uint)bound;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var threshold = (uint.MaxValue - (range - 1)) % range;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * range;
        }
        return (uint)(product >> 32);
    }

    /// <summary><c>shuffle(list)</c>.</summary>
    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var place = Interval((uint)i);
            (list[i], list[place]) = (list[place], list[i]);
        }
    }

    // A number up to and including a greatest one: bits that are too great are thrown away.
    private int Interval(uint greatest)
    {
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(greatest);
        uint value;
        do value = NextUInt32() & mask;
        while (value > greatest);
        return (int)value;
    }

    private uint NextUInt32()
    {
        if (_half is { } rest)
        {
            _half = null;
            return rest;
        }
        var word = NextUInt64();
        _half = (uint)(word >> 32);
        return (uint)word;
    }

    private void Step() => _state = _state * Multiplier + _increment;

    // SeedSequence(seed).generate_state(4, uint64).
    private static void SeedWords(ulong seed, Span<ulong> words)
    {
        Span<uint> pool = stackalloc uint[4], entropy = [(uint)seed, (uint)(seed >> 32), 0, 0];
        var constant = 0x43b0d7e5u;
        for (var i = 0; i < 4; i++) pool[i] = Hash(entropy[i], ref constant, 0x931e8875);
        for (var from = 0; from < 4; from++)
        {
            for (var to = 0; to < 4; to++)
            {
                if (from == to) continue;
                var mixed = 0xca01f9ddu * pool[to] - 0x4973f715u * Hash(pool[from], ref constant, 0x931e8875);
                pool[to] = mixed ^ (mixed >> 16);
            }
        }
        constant = 0x8b51f9dd;
        for (var i = 0; i < 4; i++)
        {
            ulong low = Hash(pool[2 * i % 4], ref constant, 0x58f38ded), high = Hash(pool[(2 * i + 1) % 4], ref constant, 0x58f38ded);
            words[i] = low | (high << 32);
        }
    }

    private static uint Hash(uint value, ref uint constant, uint multiplier)
    {
        value ^= constant;
        constant *= multiplier;
        value *= constant;
        return value ^ (value >> 16);
    }
}
