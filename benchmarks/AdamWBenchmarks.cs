using BenchmarkDotNet.Attributes;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks;

/// <summary>One AdamW update over a flat float32 buffer: reads 16 and writes 16 bytes for each parameter, gradients set to 0 on the way.</summary>
[MemoryDiagnoser]
public class AdamWBenchmarks
{
    private Tensor _values, _gradients, _expAvg, _expAvgSq;

    /// <summary>Parameters: in cache, and in memory.</summary>
    [Params(100_000, 50_000_000)]
    public int Parameters { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_values, _gradients) = (MatMulBenchmarks.Filled([Parameters]), MatMulBenchmarks.Filled([Parameters]));
        (_expAvg, _expAvgSq) = (Tensor.Zeros([Parameters]), Tensor.Zeros([Parameters]));
    }

    [Benchmark]
    public void Update() => Backend.For(_values).AdamW(
        _values, new(_gradients) { Zero = true }, _expAvg, _expAvgSq,
        new AdamWSettings { LearningRate = 1e-3, WeightDecay = 0.1, Step = 10 });
}
