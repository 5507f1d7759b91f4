using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Optimization;

namespace NativeTrainer;

/// <summary>What a callback may look at besides arguments, state and control; null is what does not exist by then.</summary>
public sealed record CallbackContext
{
    /// <summary>The model.</summary>
    public PreTrainedModel? Model { get; set; }

    /// <summary>What is saved beside the model.</summary>
    public ITokenizer? Tokenizer { get; set; }

    /// <summary>The optimizer, from the start of training on.</summary>
    public Optimizer? Optimizer { get; set; }

    /// <summary>The batches of the training, from its start on.</summary>
    public DataLoader? TrainDataloader { get; set; }

    /// <summary>The batches of the evaluation or prediction that runs or ran last.</summary>
    public DataLoader? EvalDataloader { get; set; }

    /// <summary>The schedule of the learning rate, from the start of training on.</summary>
    public LearningRateScheduler? LrScheduler { get; set; }

    /// <summary>What is being logged (log); a callback may take entries out.</summary>
    public Metrics? Logs { get; init; }

    /// <summary>What an evaluation or a prediction found (evaluate, predict).</summary>
    public Metrics? Metrics { get; init; }
}
