// A loss of one's own: a Trainer with ComputeLoss overridden. Run it from the repository's root:
//     dotnet run -c Release --project samples/OwnLoss
using NativeTrainer;
using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

var tokenizer = Tokenizer.FromPretrained("examples/byte-tokenizer");
var rows = TextDataset.Load("docs/*.md", tokenizer, blockSize: 64);
var model = AutoModel.FromConfig(AutoModel.ConfigFromPretrained("examples/byte-gpt2"), AutoModel.CausalLanguageModel);
var settings = new TrainingArguments("output/own-loss") { MaxSteps = 30, LearningRate = 1e-3, LoggingSteps = 10, SaveStrategy = IntervalStrategy.No };

Console.WriteLine(new ZLossTrainer(model, settings, rows).Train().TrainingLoss);

/// <summary>
/// Adds 1e-4 × (log of the softmax's denominator)² to the loss, which keeps logits from drifting (PaLM, https://arxiv.org/abs/2204.02311, section 5).
/// </summary>
internal sealed class ZLossTrainer(PreTrainedModel model, TrainingArguments args, IDataset rows) : Trainer(model, args, trainDataset: rows)
{
    public override (Tensor Loss, ModelOutput Outputs) ComputeLoss(PreTrainedModel model, Batch inputs)
    {
        var (loss, outputs) = base.ComputeLoss(model, inputs);
        var z = outputs.Logits.LogSumExp([-1]);
        return (loss + 1e-4 * (z * z).Mean(), outputs);
    }
}
