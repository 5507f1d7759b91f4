using System.Diagnostics;
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
    public Func<EvalPrediction, IReadOnlyDictionary<string, double>>? ComputeMetrics { get; }

    /// <summary>Applied to (logits, labels) of each batch before they are collected.</summary>
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
        var start = Stopwatch.GetTimestamp();
        var output = EvaluationLoop(GetEvalDataloader(evalDataset), "Evaluation", ComputeMetrics is null ? true : null, ignoreKeys, metricKeyPrefix);
        AddSpeed(output, metricKeyPrefix, start);
        Log(output.Metrics);
        Callbacks.OnEvaluate(Args, State, Control, output.Metrics);
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
        var start = Stopwatch.GetTimestamp();
        var output = EvaluationLoop(GetTestDataloader(testDataset), "Prediction", null, ignoreKeys, metricKeyPrefix);
        AddSpeed(output, metricKeyPrefix, start);
        Callbacks.OnPredict(Args, State, Control, output.Metrics);
        return new PredictionOutput(output.Predictions, output.LabelIds, output.Metrics);
    }

    /// <summary>Runs the model over all batches and collects what is asked for.</summary>
    /// <param name="dataloader">The batches.</param>
    /// <param name="description">For progress.</param>
    /// <param name="predictionLossOnly">Keep the loss alone; null leaves it to <c>args.PredictionLossOnly</c>.</param>
    /// <param name="ignoreKeys">Outputs of the model to leave out; the model's own list where null.</param>
    /// <param name="metricKeyPrefix">In front of every metric's name.</param>
    public virtual EvalLoopOutput EvaluationLoop(
        DataLoader dataloader, string description, bool? predictionLossOnly = null, IReadOnlyList<string>? ignoreKeys = null, string metricKeyPrefix = "eval")
    {
        var lossOnly = predictionLossOnly ?? Args.PredictionLossOnly;
        _model.Eval();
        Callbacks.Context.EvalDataloader = dataloader;
        using var ownPool = _session is null ? new TensorPool() : null;
        var pool = ownPool ?? _session!.Pool;
        var (losses, predictions, labels, rowCount) = (new List<float>(), new List<RowCollector>(), new RowCollector(), 0);
        foreach (var rows in dataloader.Batches())
        {
            using var scope = pool.Enter();
            var inputs = dataloader.Load(rows);
            var step = PredictionStep(_model, inputs, lossOnly, ignoreKeys);
            rowCount += rows.Length;

            // A batch's mean loss counts once for each of its rows, whatever their tokens.
            if (step.Loss is { } loss) losses.AddRange(Enumerable.Repeat((float)Numbers.Scalar(loss), rows.Length));
            for (var i = 0; i < step.Logits.Count; i++)
            {
                if (i == predictions.Count) predictions.Add(new RowCollector());
                predictions[i].Add(i == 0 && PreprocessLogitsForMetrics is { } preprocess ? preprocess(step.Logits[0], step.Labels) : step.Logits[i]);
            }
            if (step.Labels is { } target) labels.Add(target);
            Callbacks.OnPredictionStep(Args, State, Control);
        }
        var (all, allLabels) = (predictions.Select(collector => collector.Concatenate()!.Value).ToList(), labels.Concatenate());
        return new EvalLoopOutput(all, allLabels, Metrics(losses, all, allLabels, metricKeyPrefix), rowCount);
    }

    /// <summary>Runs the model on a batch without recording.</summary>
    /// <returns>The loss where the batch has labels; the outputs after the loss and the labels, unless only the loss is wanted.</returns>
    public virtual (Tensor? Loss, IReadOnlyList<Tensor> Logits, Tensor? Labels) PredictionStep(
        PreTrainedModel model, Batch inputs, bool predictionLossOnly, IReadOnlyList<string>? ignoreKeys = null)
    {
        using var silent = NoGrad.Enter();
        var hasLabels = LabelNames.Count > 0 && LabelNames.All(name => inputs.TryGet(name, out _));
        Tensor? loss = null;
        ModelOutput outputs;
        if (hasLabels) (loss, outputs) = ComputeLoss(model, inputs);
        else outputs = model.Forward(inputs);
        if (predictionLossOnly) return (loss, [], null);
        var ignored = ignoreKeys ?? model.KeysToIgnoreAtInference;
        var logits = outputs.Items().Where(item => !(item.Name == "loss" && hasLabels) && !ignored.Contains(item.Name)).Select(item => item.Tensor).ToList();
        return (loss, logits, hasLabels ? inputs[LabelNames[0]] : null);
    }

    private Metrics EvaluateAll(IReadOnlyList<string>? ignoreKeys) => Evaluate(evalDataset: null, ignoreKeys);

    private Metrics Metrics(List<float> losses, List<Tensor> predictions, Tensor? labels, string prefix)
    {
        var metrics = new Metrics();
        if (ComputeMetrics is { } compute && predictions.Count > 0 && labels is not null)
        {
            foreach (var (name, value) in compute(new EvalPrediction(predictions[0], labels, predictions))) metrics[name] = value;
        }
        if (losses.Count > 0) metrics[$"{prefix}_loss"] = (double)NumpyMean.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(losses));
        var prefixed = new Metrics();
        foreach (var (name, value) in metrics) prefixed[name.StartsWith($"{prefix}_", StringComparison.Ordinal) ? name : $"{prefix}_{name}"] = value;
        return prefixed;
    }

    private void AddSpeed(EvalLoopOutput output, string prefix, long start) =>
        SpeedMetrics.Add(output.Metrics, prefix, start, output.NumSamples, Math.Ceiling(output.NumSamples / (double)Args.EvalBatchSize));
}
