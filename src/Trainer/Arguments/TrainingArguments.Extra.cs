namespace NativeTrainer;

/// <content>What Transformers 4.37.2 does not have: settings of later versions under their names, and settings that users have asked for. Files
/// and texts show them only where they are set, so that Hugging Face reads what we write.</content>
public partial class TrainingArguments
{
    /// <summary>Order of training rows: <c>random</c>, <c>sequential</c>, or <c>group_by_length</c>, which is <see cref="GroupByLength"/> too.</summary>
    public string TrainSamplingStrategy { get; set; } = "random";

    /// <summary>Divide the loss of an accumulated step by the labels (that are not -100) of all its batches together, as Transformers 5
    /// does; else each batch's loss by its own, and their sum by the number of batches. A step then ends with its epoch.</summary>
    public bool AverageTokensAcrossDevices { get; set; }

    /// <summary>Evaluate before the first step.</summary>
    public bool EvalOnStart { get; set; }

    /// <summary>Evaluate after the last step, wherever training ends, unless it was done there already.</summary>
    public bool EvalOnEnd { get; set; }

    /// <summary>Hand predictions to the metrics batch by batch instead of collecting them; see <see cref="EvalPrediction.ComputeResult"/>.</summary>
    public bool BatchEvalMetrics { get; set; }

    /// <summary>Log the norm of the last update's gradient, before clipping, as <c>grad_norm</c>.</summary>
    public bool LogGradNorm { get; set; }

    /// <summary>File that every log is appended to, as a line of JSON; unset: none.</summary>
    public string? LogJsonl { get; set; }

    /// <summary>Warn of training batches whose labels are all -100: their loss is nan.</summary>
    public bool WarnEmptyLabels { get; set; }

    /// <summary>Stop after the step in which so many minutes of training are over; unset: never.</summary>
    public Number? MaxTrainMinutes { get; set; }

    /// <summary>Write a checkpoint after the last step, wherever training ends, unless it was done there already.</summary>
    public bool SaveOnEnd { get; set; }
}
