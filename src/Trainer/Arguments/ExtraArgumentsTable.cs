using static NativeTrainer.ArgumentCategory;

namespace NativeTrainer;

/// <summary>The fields of <see cref="TrainingArguments"/> that Transformers 4.37.2 does not have.</summary>
internal static class ExtraArgumentsTable
{
    private static readonly ArgumentTable<TrainingArguments> Extra = new(new TrainingArguments(""), isExtra: true)
    {
        { "train_sampling_strategy", DataLoading, a => a.TrainSamplingStrategy, (a, v) => a.TrainSamplingStrategy = v,
          "Order of training rows: random, sequential, or group_by_length.", ["random", "sequential", "group_by_length"] },
        { "average_tokens_across_devices", BatchesAndLength, a => a.AverageTokensAcrossDevices, (a, v) => a.AverageTokensAcrossDevices = v,
          "Divide the loss of an accumulated step by all its labels, not each batch's by its own; steps end with the epoch." },
        { "eval_on_start", ArgumentCategory.Evaluation, a => a.EvalOnStart, (a, v) => a.EvalOnStart = v, "Evaluate before the first step." },
        { "eval_on_end", ArgumentCategory.Evaluation, a => a.EvalOnEnd, (a, v) => a.EvalOnEnd = v,
          "Evaluate after the last step, wherever training ends." },
        { "batch_eval_metrics", ArgumentCategory.Evaluation, a => a.BatchEvalMetrics, (a, v) => a.BatchEvalMetrics = v,
          "Hand predictions to compute_metrics batch by batch instead of collecting them." },
        { "log_grad_norm", Logging, a => a.LogGradNorm, (a, v) => a.LogGradNorm = v,
          "Log the norm of the last update's gradient, before clipping, as grad_norm." },
        { "log_jsonl", Logging, a => a.LogJsonl, (a, v) => a.LogJsonl = v, "File that every log is appended to, as a line of JSON." },
        { "warn_empty_labels", Logging, a => a.WarnEmptyLabels, (a, v) => a.WarnEmptyLabels = v,
          "Warn of training batches whose labels are all -100." },
        { "max_train_minutes", BatchesAndLength, a => a.MaxTrainMinutes, (a, v) => a.MaxTrainMinutes = v,
          "Stop after the step in which so many minutes are over; unset: never." },
        { "save_on_end", Saving, a => a.SaveOnEnd, (a, v) => a.SaveOnEnd = v,
          "Write a checkpoint after the last step, wherever training ends." },
    };

    /// <summary>All of <see cref="TrainingArguments"/>, these last.</summary>
    public static readonly IReadOnlyList<ArgumentField> Training = [.. TrainingArgumentsTable.Fields, .. Extra];

    /// <summary>A class's own fields, and the extra ones behind them.</summary>
    public static IReadOnlyList<ArgumentField> After(IReadOnlyList<ArgumentField> fields) => [.. fields, .. Extra];
}
