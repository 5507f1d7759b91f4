using NativeTrainer.Autograd;
using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using NativeTrainer.Kernels;
using NativeTrainer.Models;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>What one call of <see cref="Trainer.Train(string?, IReadOnlyList{string}?)"/> works with: plan, batches, memory,
/// loss, optimizer, schedule, the place to resume from.</summary>
internal sealed class TrainingSession(
    TrainingArguments args, PreTrainedModel model, DataLoader loader, StepPlan plan, ResumePoint resume, Optimizer optimizer,
    LearningRateScheduler scheduler, PrecisionPolicy precision) : IDisposable
{
    private ResumePoint _resume = resume;
    private bool _restoresRandomState;
    private byte[] _epochGenerator = [];

    /// <summary>Outputs of the model that evaluations on the way leave out.</summary>
    public IReadOnlyList<string>? IgnoreKeysForEval { get; init; }

    /// <summary>How long the training is.</summary>
    public StepPlan Plan => plan;

    /// <summary>Where it begins.</summary>
    public ResumePoint Resume => _resume;

    /// <summary>The memory of a step.</summary>
    public TensorPool Pool { get; } = new();

    /// <summary>The running loss.</summary>
    public LossTracker Loss { get; } = new(args.LoggingNanInfFilter, model.Device);

    /// <summary>The scale of float16's losses; null where none are scaled.</summary>
    public GradScaler? Scaler { get; } = precision.ScalesLoss ? new GradScaler(device: model.Device) : null;

    /// <summary>Divides the loss of a step by all its labels; null where each batch's is divided by its own.</summary>
    public TokenAverage? Tokens { get; } = args.AverageTokensAcrossDevices
        ? new TokenAverage(args.GradientAccumulationSteps, model.Device)
        : null;

    /// <summary>Adds what a training step has returned to the loss of its update.</summary>
    public void AddLoss(Tensor loss, int globalStep)
    {
        if (Tokens is { } tokens) tokens.Add(loss);
        else Loss.Add(loss, globalStep);
    }

    /// <summary>Floating point operations since they were last stored in the state.</summary>
    public double FloatingPointOps { get; set; }

    /// <summary>Batches at the beginning of the current epoch that an earlier training has seen.</summary>
    public int SkippedBatches { get; private set; }

    /// <summary>How far the training has come.</summary>
    public TrainingPosition Position { get; set; }

    /// <summary>Takes over what a checkpoint of ours holds: gradients that wait for their update, the running loss.</summary>
    public void Restore(TrainerState state)
    {
        Loss.StartAt(state.GlobalStep);
        if (_resume.Exact is not { } exact) return;
        Loss.Restore(exact.Loss);
        Position = exact.Position;
        if (exact.Tokens is { } counts) Tokens?.State = counts;
        if (exact.Scaler is { } saved) Scaler?.Load(saved.Scale, saved.GrowthTracker);
        for (var i = 0; i < exact.Gradients.Count; i++)
        {
            var gradients = optimizer.Groups[i].Flat.Gradients;
            Backend.For(gradients).Copy(exact.Gradients[i], gradients);
        }
        IsBetweenUpdates = exact.Gradients.Count > 0;
        optimizer.NoticeGradients();
    }

    /// <summary>What a checkpoint holds so that <see cref="Restore"/> can go on from here.</summary>
    public ExactState Capture(IReadOnlyDictionary<string, object?> callbacks) => new()
    {
        Position = Position,
        Shape = ShapeOf(plan, loader),
        EpochGenerator = _epochGenerator,
        Philox = RandomState.Current.Capture(),
        Loss = Loss.Capture(),
        Tokens = Tokens?.State,
        Scaler = Scaler is { } scaler ? (scaler.CurrentScale, scaler.GrowthTracker) : null,
        Gradients = IsBetweenUpdates ? [.. optimizer.Groups.Select(group => group.Flat.Gradients)] : [],
        Callbacks = callbacks,
    };

    /// <summary>What positions in this training mean.</summary>
    public static BatchShape ShapeOf(StepPlan plan, DataLoader loader) =>
        new(plan.BatchesPerEpoch, loader.BatchSize, plan.GradientAccumulationSteps);

    /// <summary>Whether batches wait for their update.</summary>
    public bool IsBetweenUpdates { get; set; }

    /// <summary>Draws what the epochs before the resumed one have drawn, so that the next order is theirs too.</summary>
    public void SkipTrainedEpochs()
    {
        if (args.IgnoreDataSkip) return;
        if (loader.Length is null) SkipTrainedPasses();
        for (var epoch = 0; epoch < _resume.Epochs; epoch++)
        {
            if (loader.Sampler.IsRandomSampler) loader.Sampler.Draw(new int[loader.Sampler.Count]);
            else _ = loader.Batches().FirstOrDefault();
        }
    }

    /// <summary>Notes what of an epoch is skipped; random numbers go on where the checkpoint
    /// stands, before the epoch or after its first batch is drawn.</summary>
    public void BeginEpoch(long epoch)
    {
        loader.Epoch = epoch;
        var isResumed = epoch == _resume.Epochs && _resume.Checkpoint is not null;
        SkippedBatches = isResumed ? _resume.Batches : 0;
        if (isResumed && SkippedBatches == 0) LoadRandomState();
        else if (isResumed && _resume.Exact is { } exact) TorchGenerator.Default.SetState(exact.EpochGenerator);
        _epochGenerator = TorchGenerator.Default.GetState();
        _restoresRandomState = SkippedBatches > 0;
    }

    /// <summary>Gives the step's memory back and ends the loader's workers.</summary>
    public void Dispose()
    {
        loader.Dispose();
        Pool.Dispose();
    }

    /// <summary>The rows of the epoch's batches.</summary>
    public IEnumerable<ReadOnlyMemory<int>> Batches()
    {
        foreach (var rows in loader.Batches(SkippedBatches))
        {
            if (_restoresRandomState) LoadRandomState();
            yield return rows;
        }
        if (_restoresRandomState && _resume.Exact is not null) LoadRandomState(); // all batches were behind, the epoch's end was not
    }

    /// <summary>A batch in the memory of the open scope.</summary>
    public Batch Load(ReadOnlyMemory<int> rows) => loader.Load(rows);

    /// <summary>Clips, steps, and moves the learning rate on.</summary>
    public void Update(int globalStep)
    {
        if (Tokens is { } tokens) Loss.Add(tokens.Finish(optimizer), globalStep);
        var maxNorm = args.LogGradNorm && args.MaxGradNorm == 0 ? double.MaxValue : (double)args.MaxGradNorm; // the norm is wanted all the same
        if (Scaler is { } scaler)
        {
            optimizer.Step(maxNorm, scaler.InverseScale);
            scaler.Update(optimizer.LastStepSkipped);
            if (optimizer.LastStepSkipped) return; // the learning rate waits with the weights
        }
        else
        {
            optimizer.Step(maxNorm);
        }
        precision.RoundWeights(optimizer);
        if (!scheduler.NeedsMetric) scheduler.Step();
    }

    // Batches that are behind may be more than a stream's first passes have: Transformers would find none left and stop.
    private void SkipTrainedPasses()
    {
        if (_resume.Exact is not null || _resume.Checkpoint is null || loader.Dataset is not IIterableDataset stream) return;
        var (epochs, batches) = (_resume.Epochs, _resume.Batches);
        while (batches > 0)
        {
            var most = (long)batches * loader.BatchSize;
            var rows = stream.Rows(epochs).Take((int)Math.Min(most, int.MaxValue)).LongCount();
            var inPass = (int)((rows + (args.DataloaderDropLast ? 0 : loader.BatchSize - 1)) / loader.BatchSize);
            if (inPass == 0 || (rows == most && stream.Rows(epochs).Skip((int)most).Any())) break;
            batches -= inPass;
            epochs++;
        }
        _resume = _resume with { Epochs = epochs, Batches = batches };
    }

    private void LoadRandomState()
    {
        RandomStates.Load(_resume.Checkpoint!);
        if (_resume.Exact is { } exact) RandomState.Current.Restore(exact.Philox);
        _restoresRandomState = false;
    }
}
