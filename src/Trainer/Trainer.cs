using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Loop;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer;

/// <summary>Trains and evaluates a model: Hugging Face's <c>Trainer</c> of Transformers 4.37.2,
/// with the same settings, order of data and numbers.</summary>
/// <remarks>
/// Override a step to change it: <see cref="ComputeLoss"/>, <see cref="TrainingStep"/>, <see cref="PredictionStep"/>,
/// <see cref="CreateOptimizer"/>, <see cref="CreateScheduler"/>, <see cref="GetTrainDataloader"/>, <see cref="EvaluationLoop"/>,
/// <see cref="Log"/>. Add a <see cref="TrainerCallback"/> to watch or steer.
/// <example><code>
/// var args = new TrainingArguments("out") { LearningRate = 1e-3, MaxSteps = 200 };
/// var trainer = new Trainer(model, args, trainDataset: rows);
/// Console.WriteLine(trainer.Train().TrainingLoss);
/// trainer.SaveModel();
/// </code></example>
/// </remarks>
public partial class Trainer
{
    private readonly Func<PreTrainedModel>? _modelInit;
    private readonly ILogger _logger;
    private readonly TrainersRandomState _random;
    private readonly MemoryTracker _memory;
    private PreTrainedModel _model;
    private TrainingSession? _session;
    private bool _ownsScheduler;
    private int _trainBatchSize;
    private PrecisionPolicy? _precision;
    private ValueWatch? _watch;

    /// <summary>Makes a trainer and seeds this thread's random generators with <c>args.Seed</c>.</summary>
    /// <param name="model">What to train; or give <paramref name="modelInit"/>.</param>
    /// <param name="args">The settings; those that are not supported yet are refused by name.</param>
    /// <param name="dataCollator">Makes batches; <see cref="PaddingCollator"/> with the model's padding id where it is left out.</param>
    /// <param name="trainDataset">Rows to train on.</param>
    /// <param name="evalDataset">Rows to evaluate on.</param>
    /// <param name="tokenizer">Saved beside the model.</param>
    /// <param name="modelInit">Makes the model anew at each <see cref="Train(string?, IReadOnlyList{string}?)"/>, after seeding.</param>
    /// <param name="computeMetrics">Metrics from all predictions and labels of an evaluation.</param>
    /// <param name="callbacks">Between the default flow and what shows progress: <see cref="ProgressCallback"/>, or
    /// <see cref="PrinterCallback"/> with <c>disable_tqdm</c>; <see cref="RemoveCallback{T}"/> silences it.</param>
    /// <param name="optimizer">Instead of the one that <c>args.Optim</c> names.</param>
    /// <param name="scheduler">Instead of the one that <c>args.LrSchedulerType</c> names.</param>
    /// <param name="preprocessLogitsForMetrics">Makes what is collected out of each batch's (logits, labels).</param>
    /// <param name="evalDatasets">Several named evaluation sets instead of one.</param>
    /// <param name="logger">Receives warnings.</param>
    /// <param name="timeProvider">The clock of runtimes and rates.</param>
    public Trainer(
        PreTrainedModel? model = null,
        TrainingArguments? args = null,
        DataCollator? dataCollator = null,
        IDataset? trainDataset = null,
        IDataset? evalDataset = null,
        ITokenizer? tokenizer = null,
        Func<PreTrainedModel>? modelInit = null,
        Func<EvalPrediction, Metrics>? computeMetrics = null,
        IEnumerable<TrainerCallback>? callbacks = null,
        Optimizer? optimizer = null,
        LearningRateScheduler? scheduler = null,
        Func<Tensor, Tensor?, Tensor>? preprocessLogitsForMetrics = null,
        IReadOnlyDictionary<string, IDataset>? evalDatasets = null,
        ILogger? logger = null,
        TimeProvider? timeProvider = null)
    {
        if ((model is null) == (modelInit is null)) throw new ArgumentException("give either model or modelInit", nameof(model));
        if (modelInit is not null && (optimizer is not null || scheduler is not null))
        {
            throw new ArgumentException(
                "an optimizer or a schedule of one's own goes with a model, not with modelInit; override CreateOptimizerAndScheduler",
                nameof(optimizer));
        }
        Args = args ?? new TrainingArguments("tmp_trainer");
        Args.Complete();
        CreateAcceleratorAndPostprocess();
        _memory = new MemoryTracker(Args);
        (_logger, TimeProvider) = (logger ?? NullLogger.Instance, timeProvider ?? TimeProvider.System);
        _modelInit = modelInit;
        RandomStates.Seed(Args.Seed);
        _model = model ?? CallModelInit();
        (Optimizer, Scheduler, _trainBatchSize) = (optimizer, scheduler, Args.TrainBatchSize);
        (TrainDataset, EvalDataset, EvalDatasets) = (trainDataset, evalDataset, evalDatasets);
        CheckTrainDataset();
        (Tokenizer, ComputeMetrics, PreprocessLogitsForMetrics) = (tokenizer, computeMetrics, preprocessLogitsForMetrics);
        DataCollator = dataCollator
            ?? new PaddingCollator(_model.Config.PadTokenId ?? 0, _model.ForwardArguments.Contains("attention_mask")).Collate;
        LabelNames = Args.LabelNames ?? _model.DefaultLabelNames;
        Callbacks = new CallbackHandler(
            [new DefaultFlowCallback(), .. callbacks ?? [], .. ExtraFlow(), Args.DisableTqdm is true ? new PrinterCallback() : new ProgressCallback()], new CallbackContext { Model = _model, Tokenizer = tokenizer }, _logger);
        (State, Control) = (NewState(), new TrainerControl());
        _random = new TrainersRandomState();
        Callbacks.OnInitEnd(Args, State, Control);
        _memory.Stop("init");
    }

    /// <summary>The settings.</summary>
    public TrainingArguments Args { get; }

    /// <summary>The model.</summary>
    public PreTrainedModel Model => _model;

    /// <summary>The model as it is called in training; nothing wraps it on one device.</summary>
    public PreTrainedModel ModelWrapped => _model;

    /// <summary>Whether the model's layers are spread over several devices: never here.</summary>
    public bool IsModelParallel => false;

    /// <summary>Whether the trainer moves the model to its device.</summary>
    public bool PlaceModelOnDevice => Args.PlaceModelOnDevice;

    /// <summary>Whether <see cref="Train(string?, IReadOnlyList{string}?)"/> is running.</summary>
    public bool IsInTrain { get; private set; }

    /// <summary>Step, epoch, logs, best metric.</summary>
    public TrainerState State { get; private set; }

    /// <summary>What callbacks ask for.</summary>
    public TrainerControl Control { get; private set; }

    /// <summary>The callbacks.</summary>
    public CallbackHandler Callbacks { get; }

    /// <summary>The optimizer, once made.</summary>
    public Optimizer? Optimizer { get; protected set; }

    /// <summary>The schedule, once made.</summary>
    public LearningRateScheduler? Scheduler { get; protected set; }

    /// <summary>Saved beside the model.</summary>
    public ITokenizer? Tokenizer { get; }

    /// <summary>The clock of runtimes and rates.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>As <see cref="Train(string?, IReadOnlyList{string}?)"/>, going on from the newest whole checkpoint of <c>args.OutputDir</c>.</summary>
    /// <param name="resumeFromCheckpoint">Whether to; false begins anew.</param>
    /// <param name="ignoreKeysForEval">Outputs of the model that evaluations on the way leave out.</param>
    /// <exception cref="InvalidOperationException">There is no checkpoint that is whole.</exception>
    public TrainOutput Train(bool resumeFromCheckpoint, IReadOnlyList<string>? ignoreKeysForEval = null)
    {
        if (!resumeFromCheckpoint) return Train(null, ignoreKeysForEval);
        var last = CheckpointFolder.LastWhole(Args.OutputDir, Warn)
            ?? throw new InvalidOperationException($"{Args.OutputDir}: has no checkpoint that is whole, so there is nothing to resume from");
        return Train(last, ignoreKeysForEval);
    }

    /// <summary>Trains until the planned steps are done or a callback asks to stop.</summary>
    /// <param name="resumeFromCheckpoint">A checkpoint's folder to go on from, ours to the bit, Hugging Face's as it would go on there.</param>
    /// <param name="ignoreKeysForEval">Outputs of the model that evaluations on the way leave out.</param>
    /// <returns>Steps, average loss, metrics. The model has the trained weights.</returns>
    public virtual TrainOutput Train(string? resumeFromCheckpoint = null, IReadOnlyList<string>? ignoreKeysForEval = null)
    {
        SupportedArguments.CheckForTraining(Args);
        using var random = _random.Enter();
        IsInTrain = true;
        _memory.Start("train");
        try
        {
            _trainBatchSize = Args.TrainBatchSize;
            if (_modelInit is not null)
            {
                RandomStates.Seed(Args.Seed);
                _model = CallModelInit();
                (Optimizer, Scheduler) = (null, null);
            }
            if (Args.GradientCheckpointing) _model.EnableGradientCheckpointing();
            using var noise = Args.NeftuneNoiseAlpha is { } alpha ? NeftuneNoise.On(_model.InputEmbeddings, alpha) : null;
            using var watch = _watch = ValueWatch.Of(_model, Args, Precision.ScalesLoss, Warn);
            TrainerState? saved = null;
            if (resumeFromCheckpoint is not null)
            {
                if (Directory.Exists(resumeFromCheckpoint)) CheckpointDigests.Check(resumeFromCheckpoint);
                TrainingCheckpoint.LoadModel(_model, resumeFromCheckpoint, Warn);
                saved = TrainerState.LoadFromJson(Path.Combine(resumeFromCheckpoint, TrainerState.FileName));
                _trainBatchSize = saved.TrainBatchSize ?? _trainBatchSize; // the checkpoint's wins over the arguments'
            }
            return FindBatchSize(() => RunTraining(resumeFromCheckpoint, saved, ignoreKeysForEval));
        }
        finally
        {
            IsInTrain = false;
            _memory.Abandon("train");
            _watch = null;
            _session?.Dispose();
            _session = null;
        }
    }

    private TrainOutput RunTraining(string? checkpoint, TrainerState? saved, IReadOnlyList<string>? ignoreKeysForEval)
    {
        var loader = GetTrainDataloader();
        var plan = StepPlan.Create(Args, loader.Length, loader.Length is null ? null : NumExamples(loader));
        var tokens = Args.IncludeTokensPerSecond ? PlannedTokens(loader) : (double?)null;
        if (Args.GradientCheckpointing) _model.EnableGradientCheckpointing();
        if (_ownsScheduler) Scheduler = null; // it starts anew, the optimizer goes on
        CreateOptimizerAndScheduler(plan.MaxSteps);
        if (checkpoint is not null) TrainingCheckpoint.LoadOptimizerAndScheduler(Optimizer!, Scheduler!, checkpoint);
        State = saved ?? FirstState(plan);
        (State.MaxSteps, State.NumTrainEpochs) = (plan.MaxSteps, plan.NumTrainEpochs);
        (State.IsLocalProcessZero, State.IsWorldProcessZero) = (IsLocalProcessZero(), IsWorldProcessZero());

        var start = TimeProvider.GetTimestamp();
        var resume = checkpoint is null ? ResumePoint.Start : ResumePoint.At(
            checkpoint, State.GlobalStep, plan, TrainingSession.ShapeOf(plan, loader), Args.IgnoreDataSkip);
        var session = _session = new TrainingSession(Args, _model, loader, plan, resume, Optimizer!, Scheduler!, Precision)
        {
            IgnoreKeysForEval = ignoreKeysForEval,
        };
        _logger.LogInformation(
            "training on {Rows} rows: {Steps} steps over {Epochs} epochs, batches of {Batch} accumulated {Accumulation} times, "
            + "{Parameters} trainable parameters",
            loader.Length is null ? "a stream of" : NumExamples(loader), plan.MaxSteps, plan.NumTrainEpochs, loader.BatchSize, Args.GradientAccumulationSteps,
            _model.NumParameters(onlyTrainable: true));
        Optimizer!.ZeroGrad();
        Precision.RoundWeights(Optimizer);
        session.Restore(State);
        if (resume.Exact is { } exact) Callbacks.ImportStates(exact.Callbacks);
        UpdateContext(loader);
        Callbacks.OnTrainBegin(Args, State, Control);
        if (Args.EvalOnStart) EvaluateAll(ignoreKeysForEval);
        new TrainingLoop(this, session).Run();
        Optimizer.Eval();
        if (Args.LoadBestModelAtEnd && State.BestModelCheckpoint is { } best) TrainingCheckpoint.LoadBestModel(_model, best, Warn);

        var metrics = new Metrics();
        SpeedMetrics.Add(metrics, "train", TimeProvider, start, plan.NumTrainSamples, State.MaxSteps, tokens);
        StoreFlos();
        metrics["total_flos"] = State.TotalFlos;
        var loss = session.Loss.TotalPerStep(State.GlobalStep);
        metrics["train_loss"] = loss;
        IsInTrain = false;
        _memory.Stop("train", metrics);
        Log(metrics);
        if (Args is { ShouldSave: true, SaveTotalLimit: 1 } && State.BestModelCheckpoint is { } kept)
        {
            CheckpointFolder.KeepOnly(Args.OutputDir, kept);
        }
        Callbacks.OnTrainEnd(Args, State, Control);
        return new TrainOutput(State.GlobalStep, loss, metrics);
    }

    private IEnumerable<TrainerCallback> ExtraFlow() => ExtraFlowCallback.IsWanted(Args) ? [new ExtraFlowCallback(TimeProvider)] : [];

    private TrainerState NewState() => new() { IsLocalProcessZero = IsLocalProcessZero(), IsWorldProcessZero = IsWorldProcessZero() };

    private TrainerState FirstState(StepPlan plan)
    {
        var state = NewState();
        (state.Epoch, state.TrainBatchSize) = (0, _trainBatchSize);
        (state.LoggingSteps, state.SaveSteps) = (plan.Interval(Args.LoggingSteps), plan.Interval(Args.SaveSteps));
        if (Args.EvalSteps is { } steps) state.EvalSteps = plan.Interval(steps);
        return state;
    }

    private void UpdateContext(DataLoader loader)
    {
        var context = Callbacks.Context;
        (context.Model, context.Optimizer, context.LrScheduler, context.TrainDataloader) = (_model, Optimizer, Scheduler, loader);
    }
}
