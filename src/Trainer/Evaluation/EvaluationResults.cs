using NativeTrainer.Tensors;

namespace NativeTrainer;

/// <summary>What <c>compute_metrics</c> is given: all predictions and all labels of an evaluation, on the CPU.</summary>
/// <param name="AllPredictions">Every output after the loss, [rows, …]; shorter batches padded with -100.</param>
/// <param name="AllLabelIds">The labels in the order of <see cref="Trainer.LabelNames"/>, [rows, …], padded with -100.</param>
public sealed record EvalPrediction(IReadOnlyList<Tensor> AllPredictions, IReadOnlyList<Tensor> AllLabelIds)
{
    /// <summary>The first output, usually logits.</summary>
    public Tensor Predictions => AllPredictions[0];

    /// <summary>The first of the labels.</summary>
    public Tensor LabelIds => AllLabelIds[0];

    /// <summary>The model's main input, [rows, …], padded with -100; null without <c>include_inputs_for_metrics</c>.</summary>
    public Tensor? Inputs { get; init; }

    /// <summary>With <c>batch_eval_metrics</c> false for every batch but the last: sum up, return nothing yet. Else true.</summary>
    public bool ComputeResult { get; init; } = true;
}

/// <summary>What an evaluation found.</summary>
/// <param name="Predictions">The model's outputs after the loss, over all rows; empty where only the loss was wanted.</param>
/// <param name="LabelIds">The labels in the order of <see cref="Trainer.LabelNames"/>; empty where
/// the data has none or only the loss was wanted.</param>
/// <param name="Metrics">Loss, rates and computed metrics, under their prefixed names.</param>
/// <param name="NumSamples">The rows of the data set.</param>
public sealed record EvalLoopOutput(IReadOnlyList<Tensor> Predictions, IReadOnlyList<Tensor> LabelIds, Metrics Metrics, int NumSamples);

/// <summary>What <see cref="Trainer.Predict"/> returns.</summary>
/// <param name="Predictions">The model's outputs after the loss, over all rows.</param>
/// <param name="LabelIds">The labels in the order of <see cref="Trainer.LabelNames"/>; empty where the data has none.</param>
/// <param name="Metrics">Loss, rates and computed metrics, under their prefixed names.</param>
public sealed record PredictionOutput(IReadOnlyList<Tensor> Predictions, IReadOnlyList<Tensor> LabelIds, Metrics Metrics);

/// <summary>What <see cref="Trainer.Train(string?, IReadOnlyList{string}?)"/> returns.</summary>
/// <param name="GlobalStep">Updates made.</param>
/// <param name="TrainingLoss">The average loss per update.</param>
/// <param name="Metrics">Runtime, rates, loss, floating point operations.</param>
public sealed record TrainOutput(int GlobalStep, double TrainingLoss, Metrics Metrics);
