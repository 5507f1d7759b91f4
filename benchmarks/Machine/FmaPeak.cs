using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeTrainer.Benchmarks.Machine;

/// <summary>The float32 multiply-adds that the cores do when nothing holds them up: 16 independent chains in registers.</summary>
public static class FmaPeak
{
    private const int Rounds = 2_000_000;

    /// <summary>Operations a second (a multiply-add is two), all threads together.</summary>
    public static double Measure(int threads = 1)
    {
        var lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        var seconds = ThreadTeam.Median(threads, 7, _ =>
        {
            var sum = Vector512.IsHardwareAccelerated ? Chains512() : Vector256.IsHardwareAccelerated ? Chains256() : Chains128();
            if (float.IsNaN(sum)) throw new InvalidOperationException("the chains have run away");
        });
        return 2.0 * lanes * 16 * Rounds * threads / seconds;
    }

    // Written out, because only then do the accumulators stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Chains512()
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(1e-3f);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y, m = y, n = y, o = y, p = y;
        for (var round = 0; round < Rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
            m = Vector512.FusedMultiplyAdd(m, x, y);
            n = Vector512.FusedMultiplyAdd(n, x, y);
            o = Vector512.FusedMultiplyAdd(o, x, y);
            p = Vector512.FusedMultiplyAdd(p, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Chains256()
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(1e-3f);
        Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y;
        for (var round = 0; round < 2 * Rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y);
            b = Vector256.FusedMultiplyAdd(b, x, y);
            c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y);
            e = Vector256.FusedMultiplyAdd(e, x, y);
            f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y);
            h = Vector256.FusedMultiplyAdd(h, x, y);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Chains128()
    {
        Vector128<float> x = Vector128.Create(0.999f), y = Vector128.Create(1e-3f);
        Vector128<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y;
        for (var round = 0; round < 2 * Rounds; round++)
        {
            a = Vector128.MultiplyAddEstimate(a, x, y);
            b = Vector128.MultiplyAddEstimate(b, x, y);
            c = Vector128.MultiplyAddEstimate(c, x, y);
            d = Vector128.MultiplyAddEstimate(d, x, y);
            e = Vector128.MultiplyAddEstimate(e, x, y);
            f = Vector128.MultiplyAddEstimate(f, x, y);
            g = Vector128.MultiplyAddEstimate(g, x, y);
            h = Vector128.MultiplyAddEstimate(h, x, y);
        }
        return Vector128.Sum(a + b + c + d + e + f + g + h);
    }
}
