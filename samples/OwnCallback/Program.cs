// A callback of one's own: it looks on, and stops the training. Run it from the repository's root:
//     dotnet run -c Release --project samples/OwnCallback
using NativeTrainer;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

var tokenizer = Tokenizer.FromPretrained("examples/byte-tokenizer");
var rows = TextDataset.Load("docs/*.md", tokenizer, blockSize: 64);
var model = AutoModel.FromConfig(AutoModel.ConfigFromPretrained("examples/byte-gpt2"), AutoModel.CausalLanguageModel);
var settings = new TrainingArguments("output/own-callback") { MaxSteps = 200, LearningRate = 1e-3, LoggingSteps = 5, SaveStrategy = IntervalStrategy.No };

var trainer = new Trainer(model, settings, trainDataset: rows, callbacks: [new StopBelow(3.5)]);
Console.WriteLine($"stopped after {trainer.Train().GlobalStep} steps");

/// <summary>Stops once the logged loss is below a value.</summary>
internal sealed class StopBelow(double loss) : TrainerCallback
{
    public override void OnLog(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context)
    {
        if (context.Logs!.TryGetValue("loss", out var logged) && logged < loss) control.ShouldTrainingStop = true;
    }
}
