// An optimizer of one's own, with the Trainer. Run it from the repository's root:
//     dotnet run -c Release --project samples/OwnOptimizer
using NativeTrainer;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Optimization;

var tokenizer = Tokenizer.FromPretrained("examples/byte-tokenizer");
var rows = TextDataset.Load("docs/*.md", tokenizer, blockSize: 64);
var model = AutoModel.FromConfig(AutoModel.ConfigFromPretrained("examples/byte-gpt2"), AutoModel.CausalLanguageModel);
var settings = new TrainingArguments("output/own-optimizer") { MaxSteps = 30, LearningRate = 3e-4, LoggingSteps = 10, SaveSteps = 30 };

Console.WriteLine(new SignTrainer(model, settings, rows).Train().TrainingLoss);

/// <summary>A Trainer with the optimizer below; clipping, decay groups, schedules and checkpoints work as with any other.</summary>
internal sealed class SignTrainer(PreTrainedModel model, TrainingArguments args, IDataset rows) : Trainer(model, args, trainDataset: rows)
{
    public override Optimizer CreateOptimizer() => Optimizer ??= new SignDescent(
        ParameterGroup.Of(Model, GetDecayParameterNames(Model), Args.LearningRate, Args.WeightDecay), momentum: 0.9);
}

/// <summary>signSGD with momentum (https://arxiv.org/abs/1802.04434): steps of the learning rate's size in the momentum's direction.</summary>
internal sealed class SignDescent : Optimizer
{
    private readonly FlatState _momentum;

    public SignDescent(IReadOnlyList<ParameterGroup> groups, double momentum)
        : base(groups, new OptimizerOptions { { "momentum", momentum } }) => _momentum = AddState("momentum_buffer"); // saved by this name

    protected override void Update(in ParameterRange range)
    {
        var (rate, keep) = ((float)range.Group.LearningRate, (float)range.Options.Number("momentum"));
        var scale = (float)range.GradientScale; // clipping
        Span<float> weights = range.Values.AsSpan<float>(), gradients = range.Gradients.Values.AsSpan<float>();
        var momentum = range.Of(_momentum).AsSpan<float>();
        for (var i = 0; i < weights.Length; i++)
        {
            momentum[i] = (keep * momentum[i]) + ((1 - keep) * scale * gradients[i]);
            weights[i] -= rate * Math.Sign(momentum[i]);
        }
        gradients.Clear(); // the next step adds to them
    }
}
