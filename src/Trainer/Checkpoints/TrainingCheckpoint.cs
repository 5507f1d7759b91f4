using NativeTrainer.Models;
using NativeTrainer.Optimization;

namespace NativeTrainer.Checkpoints;

/// <summary>The files of a checkpoint's folder, into a training and out of it.</summary>
internal static class TrainingCheckpoint
{
    private const string OptimizerName = "optimizer.pt";
    private const string SchedulerName = "scheduler.pt";

    public static void SaveOptimizerAndScheduler(Optimizer optimizer, LearningRateScheduler scheduler, string folder)
    {
        optimizer.ToFile().Save(Path.Combine(folder, OptimizerName));
        SchedulerFile.Save(Path.Combine(folder, SchedulerName), scheduler.StateDict());
    }

    /// <summary>Both or neither: where one of the files is missing, both start anew, as in Transformers.</summary>
    public static void LoadOptimizerAndScheduler(Optimizer optimizer, LearningRateScheduler scheduler, string folder)
    {
        var (optimizerPath, schedulerPath) = (Path.Combine(folder, OptimizerName), Path.Combine(folder, SchedulerName));
        if (!File.Exists(optimizerPath) || !File.Exists(schedulerPath)) return;
        using (var file = OptimizerFile.Open(optimizerPath)) optimizer.Load(file, optimizerPath);
        scheduler.LoadStateDict(SchedulerFile.Read(schedulerPath));
    }

    /// <summary>Reads the weights of the best checkpoint; that it is gone is told, as in Transformers, and no error.</summary>
    public static void LoadBestModel(PreTrainedModel model, string folder, Action<string> warn)
    {
        if (Directory.Exists(folder)) LoadModel(model, folder, warn);
        else warn($"{folder}, the best checkpoint, is gone; the model keeps the weights of the last step");
    }

    /// <summary>Reads the weights; names that are missing or unexpected are told, as in Transformers, and no error.</summary>
    public static void LoadModel(PreTrainedModel model, string folder, Action<string> warn)
    {
        if (!Directory.Exists(folder)) throw new CheckpointException(folder, "is no folder, expected a checkpoint");
        var result = model.LoadWeights(folder);
        if (result.Missing.Count > 0) warn($"{folder}: no weights for {string.Join(", ", result.Missing)}; they stay as they are");
        if (result.Unexpected.Count == 0) return;
        warn($"{folder}: weights of {string.Join(", ", result.Unexpected)} are not part of {model.GetType().Name}");
    }
}
