using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeTrainer.Tensors;

/// <summary>Philox 4x32-10: four random words for any key and counter, without state. Dropout and noise draw
/// from it, the same on every device.</summary>
/// <remarks>
/// J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). The counter's 128 bits
/// are (offset, subsequence) and the key is the seed, as cuRAND lays them out; so any element's words can be drawn
/// again, in any order and on any number of threads.
/// </remarks>
public static class Philox4x32
{
    private const uint Factor0 = 0xD251_1F53, Factor1 = 0xCD9E_8D57, Weyl0 = 0x9E37_79B9, Weyl1 = 0xBB67_AE85;
    private const int Rounds = 10;

    /// <summary>The four words of one counter.</summary>
    /// <param name="seed">The key, its low word first.</param>
    /// <param name="offset">The low half of the counter.</param>
    /// <param name="subsequence">The high half of the counter.</param>
    public static Vector128<uint> Generate(ulong seed, ulong offset, ulong subsequence = 0)
    {
        uint c0 = (uint)offset, c1 = (uint)(offset >> 32), c2 = (uint)subsequence, c3 = (uint)(subsequence >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Factor0 * c0, p1 = (ulong)Factor1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return Vector128.Create(c0, c1, c2, c3);
    }

    /// <summary>The words of the counters <paramref name="offset"/>, <paramref name="offset"/> + 1, …, four
    /// each; the last may be cut short.</summary>
    public static void Fill(Span<uint> destination, ulong seed, ulong offset, ulong subsequence = 0)
    {
        ref var start = ref MemoryMarshal.GetReference(destination);
        var at = 0;
        if (Avx512F.IsSupported)
        {
            for (; at + 64 <= destination.Length; at += 64, offset += 16) Sixteen(ref Unsafe.Add(ref start, at), seed, offset, subsequence);
        }
        if (Avx2.IsSupported)
        {
            for (; at + 32 <= destination.Length; at += 32, offset += 8) Eight(ref Unsafe.Add(ref start, at), seed, offset, subsequence);
        }
        for (; at + 4 <= destination.Length; at += 4, offset++) Generate(seed, offset, subsequence).StoreUnsafe(ref start, (nuint)at);
        if (at == destination.Length) return;
        var last = Generate(seed, offset, subsequence);
        for (var i = 0; at < destination.Length; i++, at++) destination[at] = last[i];
    }

    // As Eight, with vectors twice as long.
    private static void Sixteen(ref uint destination, ulong seed, ulong offset, ulong subsequence)
    {
        var low = Vector512.Create(0xFFFF_FFFFul);
        var first = Vector512.Create(offset) + Vector512.Create(0ul, 1, 2, 3, 4, 5, 6, 7);
        var second = first + Vector512.Create(8ul);
        Vector512<ulong> a0 = first, a1 = first >>> 32, b0 = second, b1 = second >>> 32;
        Vector512<ulong> a2 = Vector512.Create(subsequence), a3 = a2 >>> 32, b2 = a2, b3 = a3;
        var (f0, f1) = (Vector512.Create((ulong)Factor0).AsUInt32(), Vector512.Create((ulong)Factor1).AsUInt32());
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var (key0, key1) = (Vector512.Create((ulong)k0), Vector512.Create((ulong)k1));
            Vector512<ulong> p0 = Avx512F.Multiply(a0.AsUInt32(), f0), p1 = Avx512F.Multiply(a2.AsUInt32(), f1);
            Vector512<ulong> q0 = Avx512F.Multiply(b0.AsUInt32(), f0), q1 = Avx512F.Multiply(b2.AsUInt32(), f1);
            (a0, a1, a2, a3) = ((p1 >>> 32) ^ a1 ^ key0, p1, (p0 >>> 32) ^ a3 ^ key1, p0);
            (b0, b1, b2, b3) = ((q1 >>> 32) ^ b1 ^ key0, q1, (q0 >>> 32) ^ b3 ^ key1, q0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        Store(ref destination, (a0 & low) | (a1 << 32), (a2 & low) | (a3 << 32));
        Store(ref Unsafe.Add(ref destination, 32), (b0 & low) | (b1 << 32), (b2 & low) | (b3 << 32));
    }

    // Eight counters at once: words 0 and 2 stand in the low halves of 64-bit lanes, where the multiplication wants them.
    private static void Eight(ref uint destination, ulong seed, ulong offset, ulong subsequence)
    {
        var low = Vector256.Create(0xFFFF_FFFFul);
        var first = Vector256.Create(offset) + Vector256.Create(0ul, 1, 2, 3);
        var second = first + Vector256.Create(4ul);
        Vector256<ulong> a0 = first, a1 = first >>> 32, b0 = second, b1 = second >>> 32;
        Vector256<ulong> a2 = Vector256.Create(subsequence), a3 = a2 >>> 32, b2 = a2, b3 = a3;
        var (f0, f1) = (Vector256.Create((ulong)Factor0).AsUInt32(), Vector256.Create((ulong)Factor1).AsUInt32());
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var (key0, key1) = (Vector256.Create((ulong)k0), Vector256.Create((ulong)k1));
            Vector256<ulong> p0 = Avx2.Multiply(a0.AsUInt32(), f0), p1 = Avx2.Multiply(a2.AsUInt32(), f1);
            Vector256<ulong> q0 = Avx2.Multiply(b0.AsUInt32(), f0), q1 = Avx2.Multiply(b2.AsUInt32(), f1);
            (a0, a1, a2, a3) = ((p1 >>> 32) ^ a1 ^ key0, p1, (p0 >>> 32) ^ a3 ^ key1, p0);
            (b0, b1, b2, b3) = ((q1 >>> 32) ^ b1 ^ key0, q1, (q0 >>> 32) ^ b3 ^ key1, q0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        Store(ref destination, (a0 & low) | (a1 << 32), (a2 & low) | (a3 << 32));
        Store(ref Unsafe.Add(ref destination, 16), (b0 & low) | (b1 << 32), (b2 & low) | (b3 << 32));
    }

    private static void Store(ref uint destination, Vector512<ulong> words01, Vector512<ulong> words23)
    {
        var (even, odd) = (Avx512F.UnpackLow(words01, words23), Avx512F.UnpackHigh(words01, words23));
        var (front, back) = (Vector512.Create(0ul, 1, 8, 9, 2, 3, 10, 11), Vector512.Create(4ul, 5, 12, 13, 6, 7, 14, 15));
        Avx512F.PermuteVar8x64x2(even, front, odd).AsUInt32().StoreUnsafe(ref destination);
        Avx512F.PermuteVar8x64x2(even, back, odd).AsUInt32().StoreUnsafe(ref destination, 16);
    }

    // Lane i holds words (0, 1) and (2, 3) of counter i; in memory the four words of a counter stand together.
    private static void Store(ref uint destination, Vector256<ulong> words01, Vector256<ulong> words23)
    {
        var (even, odd) = (Avx2.UnpackLow(words01, words23), Avx2.UnpackHigh(words01, words23));
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().StoreUnsafe(ref destination);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().StoreUnsafe(ref destination, 8);
    }
}
