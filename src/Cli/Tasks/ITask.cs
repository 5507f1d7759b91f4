using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Tasks;

/// <summary>What one <c>--task</c> adds to a training: rows, batches, metrics, predictions.</summary>
internal interface ITask
{
    /// <summary>Reads the files and checks every row; what the data says of labels goes into the configuration.</summary>
    TrainingData Read();

    /// <summary>How batches and metrics are made; called once, after <see cref="Read"/>.</summary>
    TaskTools Prepare(PreTrainedModel model);

    /// <summary>Whose rows <see cref="TaskTools.ComputeMetrics"/> is given: the validation file's, until it is said otherwise.</summary>
    Split Measured
    {
        get => Split.Validation;
        set { }
    }

    /// <summary>Adds what follows from the metrics of an evaluation.</summary>
    /// <param name="metrics">The metrics, <c>eval_loss</c> among them.</param>
    void AddMetrics(Metrics metrics)
    {
    }

    /// <summary>Writes a line for each row of the test file.</summary>
    void WritePredictions(PredictionOutput output, string path);
}

/// <summary>The rows that a training is given.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To evaluate on; null for none.</param>
/// <param name="Test">To predict; null for none.</param>
internal sealed record TrainingData(IDataset Train, IDataset? Validation, IDataset? Test);

/// <summary>What a task gives to the trainer.</summary>
/// <param name="Collator">Makes batches; null: the trainer's own.</param>
/// <param name="ComputeMetrics">Measures an evaluation; null: the loss alone.</param>
/// <param name="PreprocessLogits">What is collected of a batch; null: all outputs.</param>
internal sealed record TaskTools(
    DataCollator? Collator = null, Func<EvalPrediction, Metrics>? ComputeMetrics = null,
    Func<Tensor, Tensor?, Tensor>? PreprocessLogits = null);
