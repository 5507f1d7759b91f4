using BenchmarkDotNet.Attributes;
using NativeTrainer.Autograd;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks;

/// <summary>A whole training step of a GPT-2: forward, backward, clipping, AdamW.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private readonly TensorPool _pool = new();
    private PreTrainedModel _model = null!;
    private Optimizer _optimizer = null!;
    private long[] _ids = [];

    /// <summary>Layers, width, heads, rows, length.</summary>
    [Params("2-64-4-4-32", "6-256-8-8-256", "1-384-6-8-256")]
    public string Size { get; set; } = "";

    private int[] Sizes => Array.ConvertAll(Size.Split('-'), int.Parse);

    [GlobalSetup]
    public void Setup()
    {
        var (layers, width, heads, rows, length) = (Sizes[0], Sizes[1], Sizes[2], Sizes[3], Sizes[4]);
        TorchGenerator.Default.Seed(42);
        var config = new Gpt2Config
        {
            VocabSize = 256, NumHiddenLayers = layers, HiddenSize = width, NumAttentionHeads = heads, NumPositions = length,
            ResidDropout = 0, EmbeddingDropout = 0, AttentionDropout = 0,
        };
        _model = AutoModel.FromConfig(config, AutoModel.CausalLanguageModel);
        _optimizer = new AdamW(ParameterGroup.Of(_model, ParameterGroup.DecayParameterNames(_model), 1e-4, 0.1));
        var draws = new long[rows * length];
        new TorchGenerator(1).RandInt(draws, 0, 256);
        _ids = draws;
    }

    [Benchmark]
    public void Step()
    {
        using var scope = _pool.Enter();
        var ids = Tensor.From(_ids, [Sizes[3], Sizes[4]]);
        _model.Train();
        _model.Forward(new Batch { ["input_ids"] = ids, ["labels"] = ids }).Loss!.Value.Backward();
        _optimizer.Step(maxGradientNorm: 1);
    }
}
