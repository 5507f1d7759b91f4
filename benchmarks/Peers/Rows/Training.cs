using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;
using TorchSharp;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>A transformer's block and whole training steps.</summary>
internal static class Training
{
    private const int Batch = 8, Length = 256, Width = 384, Heads = 6, Vocabulary = 8192;

    /// <summary>One block with a last norm, forward and backward (the peer has the block alone).</summary>
    public static Duel Block()
    {
        var model = new Gpt2Model(Config(layers: 1, vocabulary: 8));
        model.Train();
        var (x, gradient) = (Data.Normal(Batch, Length, Width), Data.Normal(Batch, Length, Width));
        var groups = ParameterGroup.Of(model, ParameterGroup.DecayParameterNames(model), 0, 0); // gradients go to flat buffers, as in training
        GC.KeepAlive(groups);
        return Duel.Milliseconds(
            "gpt-block", Functions.Backward(
                leaves => model.Forward(new Batch { ["inputs_embeds"] = leaves[0] }).LastHiddenState!.Value, gradient, x)).Against(() =>
        {
            var peer = new TorchGpt(1, Width, Heads, Length);
            var (a, g) = (Torch.Normal(true, Batch, Length, Width), Torch.Normal(false, Batch, Length, Width));
            TorchSharp.torch.Tensor[] leaves = [a, .. peer.Parameters];
            return () => Functions.Backward(peer.Blocks(a), g, leaves);
        });
    }

    /// <summary>Six layers, a tied head: forward, backward, AdamW.</summary>
    public static Duel Step() => Duel.Milliseconds("gpt-step", OurStep()).Against(TorchStep);

    /// <summary>A step of the small GPT through <see cref="Trainer"/>, against the bare loop that does the same.</summary>
    public static Duel Overhead()
    {
        var rows = Data.Ids(256, 64, 64).ToArray<long>().Select(id => (int)id).Chunk(64).ToArray();
        var config = new Gpt2Config
        {
            VocabSize = 256, NumHiddenLayers = 2, HiddenSize = 128, NumAttentionHeads = 4, NumPositions = 64,
            ResidDropout = 0, EmbeddingDropout = 0, AttentionDropout = 0,
        };
        const int steps = 50, batch = 8;
        var dataset = new ListDataset(rows);
        var settings = new TrainingArguments(Path.Combine(Path.GetTempPath(), "nativetrainer-overhead"))
        {
            MaxSteps = steps, PerDeviceTrainBatchSize = batch, LoggingSteps = 1000, SaveStrategy = IntervalStrategy.No, DisableTqdm = true,
            LrSchedulerType = SchedulerType.Constant,
        };
        var trainer = new Trainer(new Gpt2LMHeadModel(config), settings, trainDataset: dataset);
        trainer.RemoveCallback<PrinterCallback>();
        var model = new Gpt2LMHeadModel(config);
        var optimizer = new AdamW(ParameterGroup.Of(model, ParameterGroup.DecayParameterNames(model), 5e-5, 0));
        var pool = new TensorPool();
        return Duel.Milliseconds("trainer-overhead", () => trainer.Train()) with
        {
            Figure = seconds => seconds * 1e3 / steps,
            PeerName = "the same loop without a Trainer",
            Peer = () =>
            {
                for (var step = 0; step < steps; step++)
                {
                    using var scope = pool.Enter();
                    model.Train();
                    var ids = Tensor.From(rows.Skip(step * batch % rows.Length).Take(batch).SelectMany(row => row).Select(id => (long)id).ToArray(), [batch, 64]);
                    model.Forward(new Batch { ["input_ids"] = ids, ["labels"] = ids }).Loss!.Value.Backward();
                    optimizer.Step(maxGradientNorm: 1);
                }
            },
        };
    }

    /// <summary>Ours, to be called again and again.</summary>
    internal static Action OurStep()
    {
        var model = new Gpt2LMHeadModel(Config(6, Vocabulary));
        model.Train();
        var optimizer = new AdamW(ParameterGroup.Of(model, ParameterGroup.DecayParameterNames(model), 1e-4, 0.01));
        var ids = Data.Ids(Vocabulary, Batch, Length);
        var pool = new TensorPool();
        return () =>
        {
            using var scope = pool.Enter();
            model.Forward(new Batch { ["input_ids"] = ids, ["labels"] = ids }).Loss!.Value.Backward();
            optimizer.Step();
        };
    }

    /// <summary>The same in libtorch.</summary>
    internal static Action TorchStep()
    {
        var model = new TorchGpt(6, Width, Heads, Length, Vocabulary);
        var optimizer = torch.optim.AdamW(model.Parameters.Cast<TorchSharp.Modules.Parameter>(), lr: 1e-4, weight_decay: 0.01);
        var ids = torch.randint(Vocabulary, [Batch, Length], torch.int64);
        return () =>
        {
            optimizer.zero_grad();
            model.Loss(ids).backward();
            optimizer.step();
        };
    }

    private static Gpt2Config Config(int layers, int vocabulary) => new()
    {
        VocabSize = vocabulary, NumHiddenLayers = layers, HiddenSize = Width, NumAttentionHeads = Heads, NumPositions = Length,
        ResidDropout = 0, EmbeddingDropout = 0, AttentionDropout = 0,
    };

    private sealed class ListDataset(int[][] rows) : IDataset
    {
        public int Count => rows.Length;

        public IReadOnlyList<string> Columns { get; } = ["input_ids", "labels"];

        public Feature this[int row, string column] => Feature.Of(rows[row], 0, rows[row].Length);
    }
}
