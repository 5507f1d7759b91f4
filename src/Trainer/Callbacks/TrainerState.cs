using NativeTrainer.Tensors;

namespace NativeTrainer;

/// <summary>
/// Where a training is: saved as <c>trainer_state.json</c> in every checkpoint, in Hugging Face's format to the byte; callbacks see it.
/// </summary>
public sealed class TrainerState
{
    /// <summary>The file's name in a checkpoint.</summary>
    public const string FileName = "trainer_state.json";

    /// <summary>Epochs done, a fraction within one: unset before training, the whole number 0 at its start.</summary>
    public Number? Epoch { get; set; }

    /// <summary>Updates done.</summary>
    public int GlobalStep { get; set; }

    /// <summary>Updates to do.</summary>
    public int MaxSteps { get; set; }

    /// <summary>Steps between two logs.</summary>
    public Number LoggingSteps { get; set; } = 500;

    /// <summary>Steps between two evaluations.</summary>
    public Number EvalSteps { get; set; } = 500;

    /// <summary>Steps between two checkpoints.</summary>
    public Number SaveSteps { get; set; } = 500;

    /// <summary>Rows in a batch.</summary>
    public int? TrainBatchSize { get; set; }

    /// <summary>Epochs to do.</summary>
    public long NumTrainEpochs { get; set; }

    /// <summary>Input tokens that were trained on, if they are counted.</summary>
    public long NumInputTokensSeen { get; set; }

    /// <summary>Floating point operations so far, by the rule of thumb of 6 for each parameter and token.</summary>
    public Number TotalFlos { get; set; } = 0;

    /// <summary>All logs so far, each with its step, as plain values (see <see cref="PythonValue"/>).</summary>
    public List<IReadOnlyDictionary<string, object?>> LogHistory { get; init; } = [];

    /// <summary>The best evaluation's metric.</summary>
    public Number? BestMetric { get; set; }

    /// <summary>The checkpoint of the best evaluation.</summary>
    public string? BestModelCheckpoint { get; set; }

    /// <summary>Whether this is the first process of its machine.</summary>
    public bool IsLocalProcessZero { get; set; } = true;

    /// <summary>Whether this is the first process of all.</summary>
    public bool IsWorldProcessZero { get; set; } = true;

    /// <summary>Whether this is a trial of a hyperparameter search.</summary>
    public bool IsHyperParamSearch { get; set; }

    /// <summary>The trial's name.</summary>
    public string? TrialName { get; set; }

    /// <summary>The trial's parameters.</summary>
    public IReadOnlyDictionary<string, object?>? TrialParams { get; set; }

    /// <summary>Adds a log of the present step to the history.</summary>
    public void AddLog(Metrics logs)
    {
        var entry = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in logs) entry[name] = value.ToPlain();
        entry["step"] = (long)GlobalStep;
        LogHistory.Add(entry);
    }

    /// <summary>What the history has of one metric: step and value, in order.</summary>
    public IEnumerable<(int Step, double Value)> Logged(string metric)
    {
        foreach (var entry in LogHistory)
        {
            if (!entry.TryGetValue(metric, out var value) || PythonValue.Normalize(value) is not (long or double)) continue;
            yield return (entry.TryGetValue("step", out var step) && step is long number ? (int)number : 0, PythonValue.ToNumber(value));
        }
    }

    /// <summary>Reads a state that this library or Hugging Face's wrote. Keys may be missing, but none may be unknown.</summary>
    /// <exception cref="InvalidDataException">The file is no such state; the message names the file and the key.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainerState LoadFromJson(string path) => TrainerStateJson.Read(File.ReadAllText(path), path);

    /// <summary>Writes the state. The file is replaced as a whole, so an interruption leaves the old one.</summary>
    public void SaveToJson(string path) => AtomicFile.WriteAllText(path, ToJsonString());

    /// <summary>The text of the file: keys sorted, two blanks a level, a newline at the end.</summary>
    public string ToJsonString() => PythonJson.Write(TrainerStateJson.ToPlain(this), indent: 2, sortKeys: true) + "\n";
}
