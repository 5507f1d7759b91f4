using NativeTrainer.Autograd;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Models;

/// <summary>Layers run again in the backward pass: the same loss and gradients to the bit, in less memory.</summary>
public sealed class GradientCheckpointingTests
{
    [TestCase(0.0)]
    [TestCase(0.3)]
    public void A_checkpointed_step_gives_the_same_bits_in_less_memory(double dropout)
    {
        var (loss, gradients, bytes) = Step(dropout, checkpointing: false);
        var (loss2, gradients2, bytes2) = Step(dropout, checkpointing: true);
        Assert.That(loss2, Is.EqualTo(loss));
        Assert.That(gradients2, Is.EqualTo(gradients));
        Assert.That(bytes2, Is.LessThan(bytes / 2), "bytes of the pool after a step");
    }

    private static (float Loss, float[] Gradients, long Bytes) Step(double dropout, bool checkpointing)
    {
        TorchGenerator.Default.Seed(1);
        RandomState.ManualSeed(1);
        var config = new Gpt2Config
        {
            VocabSize = 64, HiddenSize = 32, NumHiddenLayers = 8, NumAttentionHeads = 2, NumPositions = 64,
            ResidDropout = dropout, EmbeddingDropout = dropout, AttentionDropout = dropout,
        };
        var model = AutoModel.FromConfig(config, AutoModel.CausalLanguageModel);
        if (checkpointing) model.EnableGradientCheckpointing();
        model.Train();
        var draws = new long[8 * 64];
        new TorchGenerator(2).RandInt(draws, 0, 64);
        using var pool = new TensorPool();
        float loss;
        using (pool.Enter())
        {
            var ids = Tensor.From(draws, [8, 64]);
            var output = model.Forward(new Batch { ["input_ids"] = ids, ["labels"] = ids }).Loss!.Value;
            output.Backward();
            loss = output.Item<float>();
        }
        return (loss, [.. model.Parameters().SelectMany(parameter => parameter.Grad!.Value.ToArray<float>())], pool.CachedBytes);
    }
}
