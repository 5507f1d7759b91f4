using Microsoft.ML.OnnxRuntime;
using NativeTrainer.Autograd;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;
using TorchSharp;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>A BERT of MiniLM's shape: 6 layers of 384, 12 heads, a vocabulary of 30,522.</summary>
internal static class MiniLm
{
    private const int Width = 384, Layers = 6, Heads = 12, Inner = 1536, Vocabulary = 30522;

    /// <summary>A sentence of 32 tokens.</summary>
    public static Duel One() => Forward("minilm-1x32", 1, 32);

    /// <summary>Sixteen sentences of 64 tokens.</summary>
    public static Duel Sixteen() => Forward("minilm-16x64", 16, 64);

    /// <summary>A step of fine-tuning on 16 texts of 64 tokens: forward, backward, AdamW.</summary>
    public static Duel Step()
    {
        const int rows = 16, length = 64;
        var model = new BertForSequenceClassification(Config());
        model.Train();
        var optimizer = new AdamW(ParameterGroup.Of(model, ParameterGroup.DecayParameterNames(model), 1e-5, 0.01));
        var (ids, mask, labels) = (Data.Ids(Vocabulary, rows, length), Ones(rows, length), Data.Ids(2, rows));
        var pool = new TensorPool();
        return Duel.Milliseconds("minilm-step", () =>
        {
            using var scope = pool.Enter();
            model.Forward(new Batch { ["input_ids"] = ids, ["attention_mask"] = mask, ["labels"] = labels }).Loss!.Value.Backward();
            optimizer.Step();
        }).Against(() =>
        {
            var peer = new TorchBert(Vocabulary, 512, Layers, Width, Heads, Inner, labels: 2);
            var adamW = torch.optim.AdamW(peer.Parameters.Cast<TorchSharp.Modules.Parameter>(), lr: 1e-5, weight_decay: 0.01);
            var (x, m, y) = (torch.randint(Vocabulary, [rows, length], torch.int64), torch.ones(rows, length), torch.randint(2, [rows], torch.int64));
            return () =>
            {
                adamW.zero_grad();
                peer.Loss(x, m, y).backward();
                adamW.step();
            };
        });
    }

    private static Duel Forward(string name, int rows, int length)
    {
        var model = new BertModel(Config(), addPoolingLayer: false);
        model.Eval();
        var (pool, ids, mask) = (new TensorPool(), Data.Ids(Vocabulary, rows, length), Ones(rows, length));
        return Onnx.Against(Duel.Milliseconds(name, () =>
        {
            using var silent = NoGrad.Enter();
            using var scope = pool.Enter();
            model.Forward(new Batch { ["input_ids"] = ids, ["attention_mask"] = mask });
        }), ["minilm-forward", "minilm-forward-fused"], graph =>
        {
            long[] shape = [rows, length];
            var inputs = graph.InputNames.Select(input => OrtValue.CreateTensorValueFromMemory(
                input == "input_ids" ? ids.ToArray<long>() : mask.ToArray<long>(), shape)).ToList();
            return () => graph.Run(inputs);
        });
    }

    private static Tensor Ones(params long[] shape)
    {
        var ones = new long[shape.Aggregate(1L, (a, b) => a * b)];
        Array.Fill(ones, 1L);
        return Tensor.From(ones, new Shape(shape));
    }

    private static BertConfig Config() => new()
    {
        VocabSize = Vocabulary, HiddenSize = Width, NumHiddenLayers = Layers, NumAttentionHeads = Heads, IntermediateSize = Inner,
        HiddenDropout = 0, AttentionDropout = 0,
    };
}
