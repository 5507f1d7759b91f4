using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Gpt2;

/// <summary>A step in a pool allocates next to nothing once the pool has seen one.</summary>
public class Gpt2MemoryTests
{
    [Test]
    public void AStepAllocatesItsOutputAlone([Values] bool padded, [Values(0, 0.1)] double dropout)
    {
        var folder = ModelGoldens.Model("gpt2-tiny");
        var config = Gpt2Config.FromPretrained(folder);
        (config.ResidDropout, config.EmbeddingDropout, config.AttentionDropout) = (dropout, dropout, dropout);
        var model = AutoModel.FromPretrained(folder, AutoModel.CausalLanguageModel, config);
        model.Train();
        var ids = Tensor.From(Enumerable.Range(1, 32).Select(id => (long)id).ToArray(), [4, 8]);
        var mask = Tensor.From(Enumerable.Range(0, 32).Select(i => padded && i % 8 > 5 ? 0L : 1L).ToArray(), [4, 8]);
        var batch = new Batch { ["input_ids"] = ids, ["attention_mask"] = mask, ["labels"] = ids };
        var pool = new TensorPool();
        Assert.That(Allocations.OfTen(Step), Is.LessThanOrEqualTo(10 * 120), "bytes of ten steps, each with one ModelOutput");

        void Step()
        {
            using var scope = pool.Enter();
            model.Forward(batch).Loss!.Value.Backward();
        }
    }
}
