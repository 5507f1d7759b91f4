using NativeTrainer.Tensors;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace NativeTrainer;

/// <content>What follows from the arguments and the process that they are used in.</content>
public partial class TrainingArguments
{
    // The levels of Python's logging, where detail and debug are the same; passive has none.
    internal static readonly OrderedDictionary<string, Level?> LogLevels = new()
    {
        ["detail"] = Level.Debug,
        ["debug"] = Level.Debug,
        ["info"] = Level.Information,
        ["warning"] = Level.Warning,
        ["error"] = Level.Error,
        ["critical"] = Level.Critical,
        ["passive"] = null,
    };

    /// <summary>Rows in a training batch of this process, over all its devices.</summary>
    public int TrainBatchSize => BatchSize(PerGpuTrainBatchSize, PerDeviceTrainBatchSize);

    /// <summary>Rows in an evaluation batch of this process, over all its devices.</summary>
    public int EvalBatchSize => BatchSize(PerGpuEvalBatchSize, PerDeviceEvalBatchSize);

    /// <summary>GPUs that this process uses; 0 on the processor.</summary>
    public int NGpu => UseCpu ? 0 : Surroundings.GpuCount;

    /// <summary>Where the model and its batches are.</summary>
    public Device Device => NGpu > 0 ? Device.Cuda(LocalProcessIndex) : Device.Cpu;

    /// <summary>Processes that train together.</summary>
    public int WorldSize => Surroundings.WorldSize;

    /// <summary>The number of this process among all.</summary>
    public int ProcessIndex => Surroundings.ProcessIndex;

    /// <summary>The number of this process among those of its machine.</summary>
    public int LocalProcessIndex => Surroundings.LocalProcessIndex;

    /// <summary>How devices work together.</summary>
    public ParallelMode ParallelMode
        => WorldSize > 1 ? ParallelMode.Distributed : NGpu > 1 ? ParallelMode.NotDistributed : ParallelMode.NotParallel;

    /// <summary>Whether this process is the one that logs.</summary>
    public virtual bool ShouldLog => (LogOnEachNode ? LocalProcessIndex : ProcessIndex) == 0;

    /// <summary>Whether this process is the one that saves.</summary>
    public virtual bool ShouldSave => (SaveOnEachNode ? LocalProcessIndex : ProcessIndex) == 0;

    /// <summary>Whether the Trainer moves the model to <see cref="Device"/>.</summary>
    public virtual bool PlaceModelOnDevice => true;

    /// <summary>Whether gradients are exchanged only at an update, not at each batch of an accumulation.</summary>
    public virtual bool NoSyncInGradientAccumulation => true;

    /// <summary>How long processes wait for each other.</summary>
    public TimeSpan DdpTimeoutDelta => TimeSpan.FromSeconds(DdpTimeout);

    /// <summary>Steps over which the learning rate rises.</summary>
    /// <param name="numTrainingSteps">All steps of the training.</param>
    public int GetWarmupSteps(int numTrainingSteps) => WarmupSteps > 0 ? WarmupSteps : (int)Math.Ceiling(numTrainingSteps * WarmupRatio);

    /// <summary>The level below which this process reports nothing.</summary>
    /// <exception cref="InvalidArgumentException">A level has an unknown name.</exception>
    public Level GetProcessLogLevel()
    {
        var main = Find("log_level", LogLevel);
        var replica = Find("log_level_replica", LogLevelReplica);
        return (ShouldLog ? main : replica) ?? Surroundings.LibraryLevel;

        static Level? Find(string name, string value) => LogLevels.TryGetValue(value, out var level)
            ? level
            : throw InvalidArgumentException.Value(name, value, "one of " + string.Join(", ", LogLevels.Keys));
    }

    /// <summary>Lets the main process do something first, for instance fill a cache, while the others wait until it is disposed.</summary>
    /// <param name="local">The main process of each machine, not of all.</param>
    /// <param name="desc">What is being done, for the log.</param>
    /// <exception cref="NotSupportedException">There is more than one process.</exception>
    public IDisposable MainProcessFirst(bool local = true, string desc = "work")
    {
        if (WorldSize > 1) throw new NotSupportedException($"{desc}: more than one process is not supported yet");
        return NothingToWaitFor.Instance;
    }

    private int BatchSize(int? perGpu, int perDevice) => (perGpu is null or 0 ? perDevice : perGpu.Value) * Math.Max(1, NGpu);

    private sealed class NothingToWaitFor : IDisposable
    {
        public static readonly NothingToWaitFor Instance = new();

        public void Dispose()
        {
        }
    }
}
