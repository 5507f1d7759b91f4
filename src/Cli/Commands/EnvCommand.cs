using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NativeTrainer.Models;

namespace NativeTrainer.Cli.Commands;

/// <summary><c>nativetrainer env</c>: what a report of a problem should say about the machine.</summary>
internal static class EnvCommand
{
    /// <summary>Runs the command.</summary>
    public static int Run(string[] words)
    {
        if (words is [var word, ..]) throw new InvalidArgumentException($"\"{word}\"", "is unknown; env takes nothing");
        var rows = Rows().ToList();
        var width = rows.Max(r => r.Name.Length);
        foreach (var (name, value) in rows) Console.WriteLine($"{name.PadRight(width)}  {value}");
        return 0;
    }

    private static IEnumerable<(string Name, string Value)> Rows()
    {
        yield return ("nativetrainer", ProgramVersion.Text);
        yield return ("follows Transformers", PretrainedConfig.TransformersVersion);
        yield return (".NET",
            RuntimeInformation.FrameworkDescription + (System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled ? ""
                : ", ahead of time"));
        yield return ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}");
        yield return ("processor", Processor());
        yield return ("instructions", string.Join(' ', Instructions()));
        yield return ("threads", $"{Environment.ProcessorCount}");
        yield return ("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):F1} GiB");
        yield return ("GPU", Gpus() is { Count: > 0 } gpus ? string.Join(", ", gpus) + " (not used: the kernels are for processors)"
            : "none");
    }

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static IEnumerable<string> Instructions()
    {
        foreach (var (name, isSupported) in new[]
        {
            ("SSE4.2", Sse42.IsSupported), ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported), ("AVX-512BW", Avx512BW.IsSupported), ("AVX-512DQ", Avx512DQ.IsSupported),
            ("AVX-512VBMI", Avx512Vbmi.IsSupported), ("AVX-VNNI", AvxVnni.IsSupported), ("AVX10.1", Avx10v1.IsSupported),
            ("AVX10.2", Avx10v2.IsSupported), ("AdvSIMD", AdvSimd.IsSupported), ("DP", Dp.IsSupported),
        })
        {
            if (isSupported) yield return name;
        }
    }

    private static List<string> Gpus()
    {
        const string folder = "/proc/driver/nvidia/gpus";
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.GetDirectories(folder)
            .Select(gpu => Path.Combine(gpu, "information"))
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("Model:", StringComparison.Ordinal))
            .Select(line => line["Model:".Length..].Trim())];
    }
}
