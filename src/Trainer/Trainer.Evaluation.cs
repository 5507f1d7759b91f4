using System.Runtime.InteropServices;
using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Loop;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer;

// Evaluation and prediction.
public partial class Trainer
{
    /// <summary>Metrics from all predictions and labels of an evaluation.</summary>
    public Func<EvalPrediction, Metrics>? ComputeMetrics { get; }

    /// <summary>Makes what is collected out of each batch's (logits, labels), the class ids of
    /// greatest logits for instance; other outputs are then left out.</summary>
    public Func<Tensor, Tensor?, Tensor>? PreprocessLogitsForMetrics { get; }

    /// <summary>Evaluates, logs, and calls the callbacks.</summary>
    /// <param name="evalDataset">Instead of the trainer's own set (or sets).</param>
    /// <param name="ignoreKeys">Outputs of the model to leave out of the predictions.</param>
    /// <param name="metricKeyPrefix">In front of every metric's name.</param>
    /// <returns>Loss, computed metrics, runtime and rates.</returns>
    public virtual Metrics Evaluate(
        IDataset? evalDataset = null, IReadOnlyList<string>? ignoreKeys = null, string metricKeyPrefix = "eval")
    {
        if (evalDataset is null && EvalDatasets is { } sets) return Evaluate(sets, ignoreKeys, metricKeyPrefix);
        using var random = _random.Enter();
        _memory.Start("eval");
        var dataloader = GetEvalDataloader(evalDataset);
        var start = TimeProvider.GetTimestamp();
        var output = RunLoop(dataloader, "Evaluation", ComputeMetrics is null ? true : null, ignoreKeys, metricKeyPrefix);
        AddSpeed(output, metricKeyPrefix, start);
        Log(output.Metrics);
        Callbacks.OnEvaluate(Args, State, Control, output.Metrics);
        _memory.Stop("eval", output.Metrics);
        return output.Metrics;
    }

    /// <summary>Evaluates several named sets; the metrics of set <c>x</c> are called <c>eval_x_loss</c> and so on.</summary>
    public Metrics Evaluate(
        IReadOnlyDictionary<string, IDataset> evalDatasets, IReadOnlyList<string>? ignoreKeys = null, string metricKeyPrefix = "eval")
    {
        var all = new Metrics();
        foreach (var (name, dataset) in evalDatasets)
        {
            foreach (var (key, value) in Evaluate(dataset, ignoreKeys, $"{metricKeyPrefix}_{name}")) all[key] = value;
        }
        return all;
    }

    /// <summary>Predicts every row of a set; nothing is logged.</summary>
    public virtual PredictionOutput Predict(IDataset testDataset, IReadOnlyList<string>? ignoreKeys = null, string metricKeyPrefix = "test")
    {
        using var random = _random.Enter();
        _memory.Start("test");
        var dataloader = GetTestDataloader(testDataset);
        var start = TimeProvider.GetTimestamp();
        var output = RunLoop(dataloader, "Prediction", null, ignoreKeys, metricKeyPrefix);
        AddSpeed(output, metricKeyPrefix, start);
        Callbacks.OnPredict(Args, State, Control, output.Metrics);
        _memory.Stop("test", output.Metrics);
        return new PredictionOutput(output.Predictions, output.LabelIds, output.Metrics);
    }

    /// <summary>Runs the model over all batches and collects what is asked for.</summary>
    /// <param name="dataloader">The batches.</param>
    /// <param name="description">For progress.</param>
    /// <param name="predictionLossOnly">Keep the loss alone; null leaves it to <c>args.PredictionLossOnly</c>.</param>
    /// <param name="ignoreKeys">Outputs of the model to leave out; the model's own list where null.</param>
    /// <param name="metricKeyPrefix">In front of every metric's name.</param>
    public virtual EvalLoopOutput EvaluationLoop(
        DataLoader dataloader, string description, bool? predictionLossOnly = null, IReadOnlyList<string>? ignoreKeys = null,
        string metricKeyPrefix = "eval")
    {
        var lossOnly = predictionLossOnly ?? Args.PredictionLossOnly;
        _model.Eval();
        Optimizer?.Eval();
        using var converted = ConvertedWeights.Of(_model, IsInTrain ? null : Precision.FullEvaluation);
        Callbacks.Context.EvalDataloader = dataloader;
        using var ownPool = _session is null ? new TensorPool() : null;
        var pool = ownPool ?? _session!.Pool;
        var (losses, predictions, labels, inputs) = (new List<float>(), new RowCollectors(), new RowCollectors(), new RowCollectors());
        Metrics? ofBatches = null;
        using var batches = dataloader.Batches().GetEnumerator();
        for (var more = batches.MoveNext(); more;)
        {
            var rows = batches.Current;
            using var scope = pool.Enter();
            var batch = dataloader.Load(rows);
            var (loss, outputs, targets) = PredictionStep(_model, batch, lossOnly, ignoreKeys);

            // A batch's mean loss counts once for each of its rows, whatever their tokens.
            var count = rows.Length;
            if (loss is { } mean) losses.AddRange(Enumerable.Repeat((float)Numbers.Scalar(mean), LossWeight(count)));
            if (outputs.Count > 0) outputs = PreprocessLogits(outputs, targets);
            more = batches.MoveNext();
            if (Args.BatchEvalMetrics && ComputeMetrics is { } compute && outputs.Count > 0 && targets.Count > 0)
            {
                Tensor? input = Args.IncludeInputsForMetrics ? batch[_model.MainInputName] : null;
                ofBatches = compute(new EvalPrediction(outputs, targets) { Inputs = input, ComputeResult = !more });
            }
            else
            {
                if (Args.IncludeInputsForMetrics) inputs.Add([batch[_model.MainInputName]]);
                predictions.Add(outputs);
                labels.Add(targets);
            }
            Callbacks.OnPredictionStep(Args, State, Control);
        }
        var all = new EvalPrediction(predictions.Concatenate(), labels.Concatenate())
        {
            Inputs = Args.IncludeInputsForMetrics ? inputs.Concatenate().Cast<Tensor?>().FirstOrDefault() : null,
        };
        var metrics = Summary(losses, all, ofBatches, metricKeyPrefix);
        return new EvalLoopOutput(all.AllPredictions, all.AllLabelIds, metrics, NumExamples(dataloader));
    }

    /// <summary>The loop that <c>use_legacy_prediction_loop</c> asks for: gives what <see cref="EvaluationLoop"/> gives.</summary>
    /// <remarks>That of Transformers 4.37.2 stops with a TypeError before its first batch; where it once worked, it gave the same.</remarks>
    public virtual EvalLoopOutput PredictionLoop(
        DataLoader dataloader, string description, bool? predictionLossOnly = null, IReadOnlyList<string>? ignoreKeys = null,
        string metricKeyPrefix = "eval") => EvaluationLoop(dataloader, description, predictionLossOnly, ignoreKeys, metricKeyPrefix);

    /// <summary>Runs the model on a batch without recording.</summary>
    /// <returns>The loss where the batch has labels; the outputs after the loss and the labels, unless only the loss is wanted.</returns>
    public virtual (Tensor? Loss, IReadOnlyList<Tensor> Outputs, IReadOnlyList<Tensor> Labels) PredictionStep(
        PreTrainedModel model, Batch inputs, bool predictionLossOnly, IReadOnlyList<string>? ignoreKeys = null)
    {
        using var silent = NoGrad.Enter();
        using var precision = ComputeLossContextManager();
        var hasLabels = LabelNames.Count > 0 && LabelNames.All(name => inputs.TryGet(name, out _));
        var ignored = ignoreKeys ?? model.KeysToIgnoreAtInference;
        Tensor? loss = null;
        ModelOutput outputs;
        model.ReturnsPastKeyValues = !predictionLossOnly && !ignored.Contains("past_key_values");
        try
        {
            if (hasLabels) (loss, outputs) = ComputeLoss(model, inputs);
            else outputs = model.Forward(inputs);
        }
        finally
        {
            model.ReturnsPastKeyValues = false;
        }
        if (predictionLossOnly) return (loss, [], []);
        var others = outputs.Items().Where(item => !(item.Name == "loss" && hasLabels) && !ignored.Contains(item.Name))
            .Select(item => Autocast.Raise(item.Tensor)).ToList();
        return (loss, others, hasLabels ? [.. LabelNames.Select(name => inputs[name])] : []);
    }

    /// <summary>What is collected of a batch: all outputs, or what <see cref="PreprocessLogitsForMetrics"/> makes of the first.</summary>
    /// <param name="outputs">The outputs after the loss, one at least.</param>
    /// <param name="labels">The labels; empty where the batch has none.</param>
    protected virtual IReadOnlyList<Tensor> PreprocessLogits(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> labels) =>
        PreprocessLogitsForMetrics is { } preprocess ? [preprocess(outputs[0], labels.Count > 0 ? labels[0] : null)] : outputs;

    /// <summary>How often a batch's mean loss counts in that of an evaluation: once for each of its rows.</summary>
    private protected virtual int LossWeight(int rows) => rows;

    private Metrics EvaluateAll(IReadOnlyList<string>? ignoreKeys) => Evaluate(evalDataset: null, ignoreKeys);

    private EvalLoopOutput RunLoop(
        DataLoader dataloader, string description, bool? predictionLossOnly, IReadOnlyList<string>? ignoreKeys, string prefix)
    {
        using var workers = dataloader; // ends them
        return Args.UseLegacyPredictionLoop
            ? PredictionLoop(dataloader, description, predictionLossOnly, ignoreKeys, prefix)
            : EvaluationLoop(dataloader, description, predictionLossOnly, ignoreKeys, prefix);
    }

    // As in Transformers, names that get their prefix here move behind the loss.
    private Metrics Summary(List<float> losses, EvalPrediction all, Metrics? ofBatches, string prefix)
    {
        var computed = ofBatches ?? (ComputeMetrics is { } compute && all.AllPredictions.Count > 0 && all.AllLabelIds.Count > 0 ? compute(all) : []);
        var hasPrefix = computed.ToLookup(entry => entry.Key.StartsWith($"{prefix}_", StringComparison.Ordinal));
        var metrics = new Metrics(hasPrefix[true]);
        if (losses.Count > 0) metrics[$"{prefix}_loss"] = (double)NumpyMean.Of(CollectionsMarshal.AsSpan(losses));
        foreach (var (name, value) in hasPrefix[false]) metrics[$"{prefix}_{name}"] = value;
        return metrics;
    }

    private void AddSpeed(EvalLoopOutput output, string prefix, long start) => SpeedMetrics.Add(
        output.Metrics, prefix, TimeProvider, start, output.NumSamples, Math.Ceiling(output.NumSamples / (double)Args.EvalBatchSize));
}
