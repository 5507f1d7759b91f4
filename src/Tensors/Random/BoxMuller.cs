using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeTrainer.Tensors;

/// <summary>Turns uniform numbers into normal ones, 16 at a time: the first eight give radii, the last eight
/// angles (G. Box and M. Muller, 1958).</summary>
/// <remarks>
/// The logarithm, sine and cosine are those of S. Moshier's Cephes library in single precision, as PyTorch computes
/// them on eight lanes. The order of operations, and which of them are fused, decides the last bits; with this one the
/// float32 numbers are PyTorch's bit for bit.
/// </remarks>
internal static class BoxMuller
{
    /// <summary>Numbers in a block.</summary>
    public const int Block = 16;

    /// <summary>Transforms whole blocks in place; uniforms are in [0, 1).</summary>
    public static void Transform(Span<float> values, float mean, float std)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i + Block <= (nuint)values.Length; i += Block)
        {
            var radius = Vector256.Sqrt(Vector256.Create(-2f) * Log(Vector256<float>.One - Vector256.LoadUnsafe(ref start, i)));
            var (sin, cos) = SinCos(Vector256.Create((float)(2 * Math.PI)) * Vector256.LoadUnsafe(ref start, i + 8));
            Fma(radius * cos, std, Vector256.Create(mean)).StoreUnsafe(ref start, i);
            Fma(radius * sin, std, Vector256.Create(mean)).StoreUnsafe(ref start, i + 8);
        }
    }

    /// <summary>The same in double precision, with the mathematical library's functions.</summary>
    public static void Transform(Span<double> values, double mean, double std)
    {
        for (; values.Length >= Block; values = values[Block..])
        {
            for (var j = 0; j < 8; j++)
            {
                var radius = Math.Sqrt(-2 * Math.Log(1 - values[j]));
                var (sin, cos) = Math.SinCos(2 * Math.PI * values[j + 8]);
                values[j] = Math.FusedMultiplyAdd(radius * cos, std, mean);
                values[j + 8] = Math.FusedMultiplyAdd(radius * sin, std, mean);
            }
        }
    }

    private static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    private static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, float c) =>
        Vector256.FusedMultiplyAdd(a, b, Vector256.Create(c));

    private static Vector256<float> Fma(Vector256<float> a, float b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, Vector256.Create(b), c);

    // x in (0, 1]: x = 2^e m with m in [sqrt(1/2), sqrt(2)), then a polynomial in m - 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Log(Vector256<float> x)
    {
        var bits = x.AsInt32();
        var e = Vector256.ConvertToSingle((bits >>> 23) - Vector256.Create(126));
        var m = ((bits & Vector256.Create(0x007F_FFFF)) | Vector256.Create(0x3F00_0000)).AsSingle();
        var low = Vector256.LessThan(m, Vector256.Create(0.70710678f));
        e -= Vector256<float>.One & low;
        m = m - Vector256<float>.One + (m & low);
        var z = m * m;
        var y = Vector256.Create(7.0376836292e-2f);
        y = Fma(y, m, -1.1514610310e-1f);
        y = Fma(y, m, 1.1676998740e-1f);
        y = Fma(y, m, -1.2420140846e-1f);
        y = Fma(y, m, 1.4249322787e-1f);
        y = Fma(y, m, -1.6668057665e-1f);
        y = Fma(y, m, 2.0000714765e-1f);
        y = Fma(y, m, -2.4999993993e-1f);
        y = Fma(y, m, 3.3333331174e-1f);
        y = Fma(y * m, z, e * Vector256.Create(-2.12194440e-4f));
        y = Fma(z, -0.5f, y);
        return Fma(e, 0.693359375f, m + y);
    }

    // x in [0, 2 pi): the octant by a multiplication, the rest by subtracting pi / 4 in three parts, then a polynomial for each of the two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Sin, Vector256<float> Cos) SinCos(Vector256<float> x)
    {
        var octant = (Vector256.ConvertToInt32(x * Vector256.Create(1.27323954473516f)) + Vector256<int>.One) & Vector256.Create(~1);
        var y = Vector256.ConvertToSingle(octant);
        x = Fma(y, -0.78515625f, x);
        x = Fma(y, -2.4187564849853515625e-4f, x);
        x = Fma(y, -3.77489497744594108e-8f, x);
        var z = x * x;

        var cos = Vector256.Create(2.443315711809948e-5f);
        cos = Fma(cos, z, -1.388731625493765e-3f);
        cos = Fma(cos, z, 4.166664568298827e-2f);
        cos = Fma(cos * z, z, -(z * Vector256.Create(0.5f))) + Vector256<float>.One;

        var sin = Vector256.Create(-1.9515295891e-4f);
        sin = Fma(sin, z, 8.3321608736e-3f);
        sin = Fma(sin, z, -1.6666654611e-1f);
        sin = Fma(sin * z, x, x);

        var swap = Vector256.Equals(octant & Vector256.Create(2), Vector256<int>.Zero).AsSingle();
        var sinSign = ((octant & Vector256.Create(4)) << 29).AsSingle();
        var cosSign = (Vector256.AndNot(Vector256.Create(4), octant - Vector256.Create(2)) << 29).AsSingle();
        return (Vector256.ConditionalSelect(swap, sin, cos) ^ sinSign, Vector256.ConditionalSelect(swap, cos, sin) ^ cosSign);
    }
}
