using System.Globalization;
using NativeTrainer.Autograd;
using NativeTrainer.Loop;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>
/// <c>nativetrainer.safetensors</c>: what a checkpoint of ours holds beside Hugging Face's files, so that a training goes on to the bit, in any
/// epoch and in the middle of an accumulation.
/// </summary>
/// <remarks>Without it (a checkpoint that Hugging Face wrote) a training goes on as it would there.</remarks>
internal sealed class ExactState
{
    /// <summary>The file's name in a checkpoint's folder.</summary>
    public const string FileName = "nativetrainer.safetensors";

    private const string Format = "nativetrainer-1";
    private const string EpochGeneratorName = "generator_at_epoch_begin", PhiloxName = "philox", LossName = "loss_sum";

    /// <summary>How far the training has come.</summary>
    public required TrainingPosition Position { get; init; }

    /// <summary>What position numbers mean: they hold for the same batches only.</summary>
    public required BatchShape Shape { get; init; }

    /// <summary>PyTorch's generator as it was before the epoch's order was drawn.</summary>
    public required byte[] EpochGenerator { get; init; }

    /// <summary>Where dropout and noise stand.</summary>
    public required RandomSnapshot Philox { get; init; }

    /// <summary>The running loss.</summary>
    public required LossState Loss { get; init; }

    /// <summary>The scale of float16's losses; null where none are scaled.</summary>
    public (float Scale, int GrowthTracker)? Scaler { get; init; }

    /// <summary>Labels, divisor and loss of a step that is not complete; null where each batch's loss is divided by its own labels.</summary>
    public (double Tokens, double Divisor, double Loss)? Tokens { get; init; }

    /// <summary>Gradients of batches that no update has used yet, a flat buffer for each group; none at the end of an accumulation.</summary>
    public IReadOnlyList<Tensor> Gradients { get; init; } = [];

    /// <summary>What callbacks keep (<see cref="IExportableState"/>) by their type's name.</summary>
    public IReadOnlyDictionary<string, object?> Callbacks { get; init; } = new Dictionary<string, object?>();

    /// <summary>Writes the file, with the digests of the checkpoint's other files: write it last.</summary>
    public void Save(string folder)
    {
        using var outside = TensorPool.Suspend();
        Dictionary<string, Tensor> tensors = new()
        {
            [EpochGeneratorName] = Tensor.From(EpochGenerator, [EpochGenerator.Length]),
            [PhiloxName] = Tensor.From([(long)Philox.Seed, (long)Philox.Offset], [2]),
            [LossName] = Tensor.Scalar(Loss.Sum),
        };
        for (var group = 0; group < Gradients.Count; group++) tensors[GradientName(group)] = Gradients[group];
        var values = new OrderedDictionary<string, object?>
        {
            ["epoch"] = Position.Epoch, ["batches_of_epoch"] = Position.BatchesOfEpoch, ["batches"] = Position.Batches,
            ["epoch_is_over"] = Position.EpochIsOver, ["epoch_has_ended"] = Position.EpochHasEnded, ["batches_per_epoch"] = Shape.BatchesPerEpoch,
            ["batch_size"] = (long)Shape.BatchSize, ["gradient_accumulation_steps"] = (long)Shape.Accumulation,
            ["loss_logged"] = Loss.Logged, ["loss_last_logged_step"] = (long)Loss.LastLoggedStep, ["groups_with_gradients"] = (long)Gradients.Count,
        };
        if (Tokens is { } tokens) (values["step_tokens"], values["step_divisor"], values["step_loss"]) = tokens;
        if (Scaler is { } scaler) (values["loss_scale"], values["loss_scale_growth"]) = ((double)scaler.Scale, (long)scaler.GrowthTracker);
        SafetensorsWriter.Write(Path.Combine(folder, FileName), tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["position"] = PythonJson.Write(values),
            ["callbacks"] = PythonJson.Write(Callbacks),
            ["files"] = PythonJson.Write(CheckpointDigests.Of(folder)),
        });
    }

    /// <summary>Reads the file of a folder; null where there is none.</summary>
    /// <exception cref="CheckpointException">It is damaged.</exception>
    public static ExactState? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var file = SafetensorsFile.Open(path);
            if (file.Metadata.GetValueOrDefault("format") is var format && format != Format)
            {
                throw new CheckpointException(path, $"has the format \"{format}\", expected \"{Format}\"");
            }
            var values = (IReadOnlyDictionary<string, object?>)PythonJson.Read(file.Metadata["position"])!;
            var philox = file[PhiloxName].ToArray<long>();
            return new ExactState
            {
                Position = new(Whole("epoch"), Whole("batches_of_epoch"), Whole("batches"), (bool)values["epoch_is_over"]!,
                    (bool)values["epoch_has_ended"]!),
                Shape = new(Whole("batches_per_epoch"), (int)Whole("batch_size"), (int)Whole("gradient_accumulation_steps")),
                EpochGenerator = file[EpochGeneratorName].ToArray<byte>(),
                Philox = new((ulong)philox[0], (ulong)philox[1]),
                Loss = new(
                    file[LossName].Item<float>(), Convert.ToDouble(values["loss_logged"], CultureInfo.InvariantCulture),
                    (int)Whole("loss_last_logged_step")),
                Tokens = values.ContainsKey("step_tokens") ? (Real("step_tokens"), Real("step_divisor"), Real("step_loss")) : null,
                Scaler = values.TryGetValue("loss_scale", out var scale)
                    ? ((float)Convert.ToDouble(scale, CultureInfo.InvariantCulture), (int)Whole("loss_scale_growth"))
                    : null,
                Gradients = [.. Enumerable.Range(0, (int)Whole("groups_with_gradients")).Select(group => file[GradientName(group)])],
                Callbacks = (IReadOnlyDictionary<string, object?>)PythonJson.Read(file.Metadata["callbacks"])!,
            };

            long Whole(string name) => (long)values[name]!;

            double Real(string name) => Convert.ToDouble(values[name], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is SafetensorsException or KeyNotFoundException or FormatException or InvalidCastException
            or NullReferenceException or IndexOutOfRangeException)
        {
            throw new CheckpointException(path, $"is damaged: {e.Message}", e);
        }
    }

    private static string GradientName(int group) => string.Create(CultureInfo.InvariantCulture, $"gradients.{group}");
}

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="BatchesOfEpoch">Batches done in it.</param>
/// <param name="Batches">Batches done in the whole training.</param>
/// <param name="EpochIsOver">Whether the next epoch comes.</param>
/// <param name="EpochHasEnded">Whether what is due at its end has been done, though the training may have stopped within it.</param>
internal readonly record struct TrainingPosition(long Epoch, long BatchesOfEpoch, long Batches, bool EpochIsOver, bool EpochHasEnded);

/// <summary>The numbers that a <see cref="TrainingPosition"/> rests on.</summary>
internal readonly record struct BatchShape(long BatchesPerEpoch, int BatchSize, int Accumulation);
