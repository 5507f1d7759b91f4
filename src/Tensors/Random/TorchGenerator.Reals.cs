using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeTrainer.Tensors;

// Uniform, normal and exponential numbers.
public sealed partial class TorchGenerator
{
    private const float Step24 = 1f / (1 << 24);
    private const double Step53 = 1.0 / (1L << 53);
    private const int Chunk = 4096; // stays in the first-level cache between its two passes

    /// <summary>Uniform in [0, 1), a multiple of 2^-24: one word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float NextSingle() => (_twister.Next() & 0xFF_FFFF) * Step24;

    /// <summary>Uniform in [0, 1), a multiple of 2^-53: two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double NextDouble() => (NextUInt64() & ((1UL << 53) - 1)) * Step53;

    /// <summary><c>uniform_(low, high)</c> on float32: one word each.</summary>
    public void Uniform(Span<float> destination, double low = 0, double high = 1)
    {
        CheckRange(low, high);
        var (from, range) = ((float)low, (float)high - (float)low);
        while (!destination.IsEmpty)
        {
            var words = _twister.Take(destination.Length);
            ToUniform(words, destination, range, from);
            destination = destination[words.Length..];
        }
    }

    /// <summary><c>uniform_(low, high)</c> on float64: two words each.</summary>
    public void Uniform(Span<double> destination, double low = 0, double high = 1)
    {
        CheckRange(low, high);
        foreach (ref var value in destination) value = Math.FusedMultiplyAdd(NextDouble(), high - low, low);
    }

    /// <summary><c>normal_(mean, std)</c> on a contiguous float32 tensor.</summary>
    /// <remarks>From 16 places on: one word each, and 16 more where 16 does not divide their number. Below: four words a pair, whose second
    /// number waits in the generator for the next short draw.</remarks>
    public void Normal(Span<float> destination, double mean = 0, double std = 1)
    {
        CheckStd(std);
        if (destination.Length < BoxMuller.Block)
        {
            foreach (ref var value in destination) value = (float)Math.FusedMultiplyAdd(NextNormal(), std, mean);
            return;
        }
        for (var rest = destination; !rest.IsEmpty;)
        {
            var chunk = rest[..Math.Min(rest.Length, Chunk)];
            Uniform(chunk);
            BoxMuller.Transform(chunk, (float)mean, (float)std);
            rest = rest[chunk.Length..];
        }
        if (destination.Length % BoxMuller.Block == 0) return;

        // The last block is not whole: the last 16 places are drawn afresh.
        var last = destination[^BoxMuller.Block..];
        Uniform(last);
        BoxMuller.Transform(last, (float)mean, (float)std);
    }

    /// <summary><c>normal_(mean, std)</c> on a contiguous float64 tensor: as on float32, with two words for each uniform number.</summary>
    public void Normal(Span<double> destination, double mean = 0, double std = 1)
    {
        CheckStd(std);
        if (destination.Length < BoxMuller.Block)
        {
            foreach (ref var value in destination) value = Math.FusedMultiplyAdd(NextNormal(), std, mean);
            return;
        }
        Uniform(destination);
        BoxMuller.Transform(destination, mean, std);
        if (destination.Length % BoxMuller.Block == 0) return;
        var last = destination[^BoxMuller.Block..];
        Uniform(last);
        BoxMuller.Transform(last, mean, std);
    }

    /// <summary><c>exponential_(rate)</c> on float32: two words each. As PyTorch draws it on processors other than Intel's.</summary>
    public void Exponential(Span<float> destination, double rate = 1)
    {
        if (!(rate > 0)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "an exponential distribution's rate is above 0");
        foreach (ref var value in destination) value = NextExponential(rate);
    }

    // 1 - u is exact for a multiple of 2^-53, so its logarithm is log1p(-u).
    private float NextExponential(double rate) => (float)(-1 / rate * Math.Log(1 - NextDouble()));

    private double NextNormal()
    {
        if (_secondNormal is { } waiting)
        {
            _secondNormal = null;
            return waiting;
        }
        var angle = 2 * Math.PI * NextDouble();
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sin, cos) = Math.SinCos(angle);
        _secondNormal = radius * sin;
        return radius * cos;
    }

    private static void ToUniform(ReadOnlySpan<uint> words, Span<float> destination, float range, float from)
    {
        ref var source = ref MemoryMarshal.GetReference(words);
        ref var target = ref MemoryMarshal.GetReference(destination);
        nuint i = 0, count = (nuint)words.Length;
        for (; i + 8 <= count; i += 8)
        {
            var low = (Vector256.LoadUnsafe(ref source, i) & Vector256.Create(0xFF_FFFFu)).AsInt32();
            var unit = Vector256.ConvertToSingle(low) * Vector256.Create(Step24);
            Vector256.FusedMultiplyAdd(unit, Vector256.Create(range), Vector256.Create(from)).StoreUnsafe(ref target, i);
        }
        for (; i < count; i++)
        {
            Unsafe.Add(ref target, i) = MathF.FusedMultiplyAdd((Unsafe.Add(ref source, i) & 0xFF_FFFF) * Step24, range, from);
        }
    }

    private static void CheckRange(double low, double high)
    {
        if (!(low <= high)) throw new ArgumentException($"uniform expects low <= high, found {low} and {high}", nameof(low));
    }

    private static void CheckStd(double std)
    {
        if (!(std >= 0)) throw new ArgumentOutOfRangeException(nameof(std), std, "a standard deviation is 0 or more");
    }
}
