using NativeTrainer.Tensors;

namespace NativeTrainer;

/// <summary>What <c>compute_metrics</c> is given: all predictions and all labels of an evaluation, on the CPU.</summary>
/// <param name="Predictions">The first of the model's outputs after the loss, usually logits, [rows, …]; shorter batches padded with -100.</param>
/// <param name="LabelIds">The labels, [rows, …], padded with -100; absent where the data has none.</param>
/// <param name="AllPredictions">Every output after the loss.</param>
public sealed record EvalPrediction(Tensor Predictions, Tensor? LabelIds, IReadOnlyList<Tensor> AllPredictions);

/// <summary>What an evaluation found.</summary>
/// <param name="Predictions">The model's outputs after the loss, over all rows; empty where only the loss was wanted.</param>
/// <param name="LabelIds">The labels.</param>
/// <param name="Metrics">Loss, rates and computed metrics, under their prefixed names.</param>
/// <param name="NumSamples">How many rows.</param>
public sealed record EvalLoopOutput(IReadOnlyList<Tensor> Predictions, Tensor? LabelIds, Metrics Metrics, int NumSamples);

/// <summary>What <see cref="Trainer.Predict"/> returns.</summary>
/// <param name="Predictions">The model's outputs after the loss, over all rows.</param>
/// <param name="LabelIds">The labels.</param>
/// <param name="Metrics">Loss, rates and computed metrics, under their prefixed names.</param>
public sealed record PredictionOutput(IReadOnlyList<Tensor> Predictions, Tensor? LabelIds, Metrics Metrics);

/// <summary>What <see cref="Trainer.Train"/> returns.</summary>
/// <param name="GlobalStep">Updates made.</param>
/// <param name="TrainingLoss">The average loss per update.</param>
/// <param name="Metrics">Runtime, rates, loss, floating point operations.</param>
public sealed record TrainOutput(int GlobalStep, double TrainingLoss, Metrics Metrics);
