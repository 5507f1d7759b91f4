using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>A trainer that notes the rows, the loss and the learning rate of each batch; the losses that it reports may be given.</summary>
internal sealed class WatchedTrainer : Trainer
{
    private readonly Queue<double> _losses;
    private readonly Dictionary<string, int> _places = [];

    public WatchedTrainer(
        TrainingArguments args, IDataset train, IDataset? eval = null, IReadOnlyDictionary<string, IDataset>? evalSets = null,
        IEnumerable<double>? losses = null, Func<EvalPrediction, Metrics>? computeMetrics = null,
        IEnumerable<TrainerCallback>? callbacks = null, PreTrainedModel? model = null)
        : base(
            model ?? Tiny.Model(), args, trainDataset: train, evalDataset: eval, evalDatasets: evalSets, computeMetrics: computeMetrics,
            callbacks: callbacks, timeProvider: new SteppingClock())
    {
        _losses = new Queue<double>(losses ?? []);
        foreach (var row in train.AsStream().Rows()) _places[string.Join(' ', row["input_ids"].Ints.ToArray())] = _places.Count;
    }

    /// <summary>The rows of each batch.</summary>
    public List<int[]> Rows { get; } = [];

    /// <summary>The loss of each batch.</summary>
    public List<double> Losses { get; } = [];

    /// <summary>The learning rate that the update after each batch used.</summary>
    public List<double> Rates { get; } = [];

    public override Tensor TrainingStep(PreTrainedModel model, Batch inputs)
    {
        var (ids, length) = (inputs["input_ids"].ToArray<long>(), (int)inputs["input_ids"].Size(1));
        Rows.Add([.. ids.Chunk(length).Select(row => _places.GetValueOrDefault(string.Join(' ', row), -1))]);
        var loss = base.TrainingStep(model, inputs);
        if (_losses.TryDequeue(out var scripted)) loss = Tensor.Scalar((float)scripted);
        Losses.Add(loss.Item<float>());
        Rates.Add(Optimizer!.Groups[0].LearningRate);
        return loss;
    }
}
