using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeTrainer.Benchmarks.Machine;

/// <summary>
/// What main memory gives: copy (b = a) and triad (a = b + s·c) over arrays far larger than the caches, written past the caches, all
/// threads at once, median of several rounds. Bytes count as a program names them: two arrays for a copy, three for a triad.
/// </summary>
public sealed record StreamBandwidth(int Threads, double CopyBytesPerSecond, double TriadBytesPerSecond)
{
    private const nint Elements = 32 * 1024 * 1024; // 128 MB an array

    /// <summary>The larger of the two: the limit that kernels are compared with.</summary>
    public double BytesPerSecond => Math.Max(CopyBytesPerSecond, TriadBytesPerSecond);

    /// <summary>Measures for about a second.</summary>
    /// <param name="threads">Threads; the processors of this process where it is left out.</param>
    public static unsafe StreamBandwidth Measure(int threads = 0)
    {
        if (threads < 1) threads = Environment.ProcessorCount;
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)(3 * Elements * sizeof(float)), 4096);
        try
        {
            float* a = memory, b = memory + Elements, c = memory + (2 * Elements);
            var share = Elements / threads / 64 * 64;
            ThreadTeam.Median(threads, 1, thread => new Span<float>(memory + (thread * 3 * share), (int)(3 * share)).Fill(1));
            var copy = ThreadTeam.Median(threads, 9, thread => Copy(a + (thread * share), b + (thread * share), share));
            var triad = ThreadTeam.Median(
                threads, 9, thread => Triad(a + (thread * share), b + (thread * share), c + (thread * share), share));
            double elements = share * threads;
            return new StreamBandwidth(threads, 8 * elements / copy, 12 * elements / triad);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static unsafe void Copy(float* from, float* to, nint count)
    {
        for (nint i = 0; i < count; i += Vector512<float>.Count) Vector512.Load(from + i).StoreAlignedNonTemporal(to + i);
    }

    private static unsafe void Triad(float* a, float* b, float* c, nint count)
    {
        var scale = Vector512.Create(0.5f);
        for (nint i = 0; i < count; i += Vector512<float>.Count)
        {
            (Vector512.Load(b + i) + (scale * Vector512.Load(c + i))).StoreAlignedNonTemporal(a + i);
        }
    }
}
