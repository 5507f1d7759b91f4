using NativeTrainer.Checkpoints;
using NativeTrainer.Evaluation;

namespace NativeTrainer;

// Logs, results, models and checkpoints.
public partial class Trainer
{
    /// <summary>Notes a log with its step and epoch in <see cref="TrainerState.LogHistory"/> and calls the callbacks.</summary>
    public virtual void Log(Metrics logs)
    {
        if (State.Epoch is { } epoch) logs["epoch"] = epoch.IsWhole ? epoch : PythonText.Round(epoch, 2);
        if (Args.IncludeNumInputTokensSeen) logs["num_input_tokens_seen"] = State.NumInputTokensSeen;
        State.AddLog(logs);
        Callbacks.OnLog(Args, State, Control, logs);
    }

    /// <summary>Writes the model and the tokenizer as a Hugging Face folder.</summary>
    /// <param name="outputDir"><c>args.OutputDir</c> where it is left out.</param>
    public virtual void SaveModel(string? outputDir = null)
    {
        if (!Args.ShouldSave) return;
        var folder = outputDir ?? Args.OutputDir;
        Directory.CreateDirectory(folder);
        Optimizer?.Eval(); // an average of the weights, if it keeps one
        _model.SavePretrained(folder, safeSerialization: Args.SaveSafetensors);
        Tokenizer?.SavePretrained(folder);
    }

    /// <summary>Writes <c>trainer_state.json</c> into the output folder.</summary>
    public virtual void SaveState()
    {
        if (Args.ShouldSave) State.SaveToJson(Path.Combine(Args.OutputDir, TrainerState.FileName));
    }

    /// <summary>Prints metrics as an aligned table under a heading.</summary>
    public virtual void LogMetrics(string split, Metrics metrics) => MetricsReport.Print(Console.Out, split, metrics);

    /// <summary>Writes <c>{split}_results.json</c>, and adds the metrics to <c>all_results.json</c>.</summary>
    public virtual void SaveMetrics(string split, Metrics metrics, bool combined = true)
    {
        if (IsWorldProcessZero()) MetricsReport.Save(Args.OutputDir, split, metrics, combined);
    }

    /// <summary>Metrics as people read them: runtimes as h:mm:ss.ff, memory in MB, floating
    /// point operations in GF, others with four decimals.</summary>
    public virtual OrderedDictionary<string, object> MetricsFormat(Metrics metrics) => MetricsReport.Format(metrics);

    /// <summary>Adds the floating point operations since the last call to the state.</summary>
    public virtual void StoreFlos()
    {
        if (_session is null) return;
        State.TotalFlos += _session.FloatingPointOps;
        _session.FloatingPointOps = 0;
    }

    /// <summary>Whether this process is the first on its machine.</summary>
    public virtual bool IsLocalProcessZero() => Args.LocalProcessIndex == 0;

    /// <summary>Whether this process is the first of all.</summary>
    public virtual bool IsWorldProcessZero() => Args.ProcessIndex == 0;

    /// <summary>Writes <c>checkpoint-N</c>: model, optimizer, schedule, random states,
    /// state; notes the best; deletes what is over the limit.</summary>
    protected virtual void SaveCheckpoint(Metrics? metrics)
    {
        StoreFlos();
        var folder = CheckpointFolder.Begin(Args.OutputDir, State.GlobalStep);
        SaveModel(folder);
        if (!Args.SaveOnlyModel)
        {
            TrainingCheckpoint.SaveOptimizerAndScheduler(Optimizer!, Scheduler!, folder);
            RandomStates.Save(folder, Args.Seed);
        }
        BestMetric.Update(Args, State, metrics, CheckpointFolder.PathOf(Args.OutputDir, State.GlobalStep));
        State.SaveToJson(Path.Combine(folder, TrainerState.FileName));
        if (!Args.SaveOnlyModel) _session?.Capture(Callbacks.ExportStates()).Save(folder);
        CheckpointFolder.Commit(folder);
        CheckpointFolder.Rotate(Args.OutputDir, Args.SaveTotalLimit, State.BestModelCheckpoint, byTime: true);
    }
}
