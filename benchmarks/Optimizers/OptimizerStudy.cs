using System.Diagnostics;
using System.Globalization;
using NativeTrainer.Benchmarks.Machine;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks.Optimizers;

/// <summary>One measurement of <c>./bench optimizers</c>.</summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="DType">Of weights and gradients.</param>
/// <param name="Parameters">How many.</param>
/// <param name="Nanoseconds">Median time of an update for each parameter.</param>
/// <param name="BytesPerParameter">What an update must read and write.</param>
/// <param name="Limit">The machine's stream bandwidth in bytes a second.</param>
public sealed record OptimizerTime(
    string Optimizer, DType DType, long Parameters, double Nanoseconds, double BytesPerParameter, double Limit)
{
    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond => BytesPerParameter / Nanoseconds * 1e9;

    /// <summary>The share of the limit; above 1 where everything stays in the caches.</summary>
    public double OfLimit => BytesPerSecond / Limit;
}

/// <summary>The tool for people who study optimizer kernels: every optimizer, dtype and size, against the machine's stream bandwidth.</summary>
public static class OptimizerStudy
{
    /// <summary>The library's optimizers.</summary>
    public static IReadOnlyList<IOptimizerKernel> Kernels { get; } =
    [
        new LibraryKernel("adamw_torch", size => 8 * size, groups => new AdamW(groups), [DType.Float32, DType.Float64]),
        new LibraryKernel("adamw_hf", size => 8 * size, groups => new AdamW(groups, isTransformers: true)),
        new LibraryKernel("adamw_torch amsgrad", size => 10 * size, groups => new AdamW(groups, amsgrad: true)),
        new LibraryKernel("adamw_anyprecision", size => 8 * size, groups => new AnyPrecisionAdamW(groups)),
        new LibraryKernel(
            "adamw_anyprecision bfloat16 kahan", size => (4 * size) + 12,
            groups => new AnyPrecisionAdamW(
                groups, useKahanSummation: true, momentumDType: DType.BFloat16, varianceDType: DType.BFloat16),
            [DType.Float32, DType.BFloat16]),
        new LibraryKernel("adafactor", size => 7 * size, groups => new Adafactor(groups), isMatrix: true),
        new LibraryKernel("sgd", size => 4 * size, groups => new Sgd(groups), [DType.Float32, DType.Float64]),
        new LibraryKernel("sgd momentum", size => 6 * size, groups => new Sgd(groups, momentum: 0.9)),
        new LibraryKernel("adagrad", size => 6 * size, groups => new Adagrad(groups)),
        new LibraryKernel("rmsprop", size => 6 * size, groups => new RmsProp(groups)),
        new LibraryKernel("lion_32bit", size => 6 * size, groups => new Lion(groups)),
        new LibraryKernel("adamw_8bit", size => (4 * size) + 4, groups => new AdamW8Bit(groups)),
        new LibraryKernel("lion_8bit", size => (4 * size) + 2, groups => new Lion8Bit(groups)),
    ];

    /// <summary>Measures and reports, as the arguments say (<c>--help</c> lists them).</summary>
    /// <param name="args">The command's arguments.</param>
    /// <param name="kernels">The library's optimizers where it is left out.</param>
    /// <returns>The exit code: 2 for wrong arguments.</returns>
    public static int Run(IReadOnlyList<string> args, IReadOnlyList<IOptimizerKernel>? kernels = null)
    {
        StudyOptions options;
        try
        {
            options = StudyOptions.Parse(args);
        }
        catch (ArgumentException error)
        {
            Console.Error.WriteLine($"bench optimizers: {error.Message}");
            return 2;
        }
        if (options.IsHelp)
        {
            Console.WriteLine(StudyOptions.Help);
            return 0;
        }
        IOptimizerKernel[] chosen = [.. (kernels ?? Kernels).Where(kernel => options.Chooses(kernel.Name))];
        if (chosen.Length == 0)
        {
            var names = string.Join(", ", (kernels ?? Kernels).Select(kernel => kernel.Name));
            Console.Error.WriteLine($"bench optimizers: --filter {options.Filter} matches none of {names}");
            return 2;
        }
        var limit = StreamBandwidth.Measure();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"stream bandwidth, {limit.Threads} threads: copy {limit.CopyBytesPerSecond / 1e9:0.0} GB/s, triad {limit.TriadBytesPerSecond / 1e9:0.0} GB/s; fma peak {FmaPeak.Measure() / 1e9:0} GFLOP/s a core"));
        List<OptimizerTime> times = [];
        StudyReport.Heading(Console.Out);
        foreach (var kernel in chosen)
        {
            foreach (var dtype in kernel.DTypes)
            {
                foreach (var size in options.Sizes)
                {
                    times.Add(Measure(kernel, dtype, size, limit.BytesPerSecond));
                    StudyReport.Line(Console.Out, times[^1]);
                }
            }
        }
        if (options.Json is { } json) StudyReport.Json(json, times, limit);
        if (options.Csv is { } csv) StudyReport.Csv(csv, times);
        if (options.Plot is { } plot) StudyPicture.Save(plot, times);
        return 0;
    }

    private static OptimizerTime Measure(IOptimizerKernel kernel, DType dtype, long size, double limit)
    {
        using var pool = new TensorPool();
        using var scope = pool.Enter();
        var step = kernel.Prepare(size, dtype);
        var batch = Math.Max(1, (int)(5_000_000 / size)); // a short update is measured many at a time
        List<double> seconds = [];
        for (var round = -2; round < 15; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < batch; i++) step();
            if (round >= 0) seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / batch);
        }
        return new OptimizerTime(
            kernel.Name, dtype, size, Statistics.Median(seconds) / size * 1e9, kernel.BytesPerParameter(dtype), limit);
    }
}
