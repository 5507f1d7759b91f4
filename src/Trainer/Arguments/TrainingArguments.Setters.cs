namespace NativeTrainer;

/// <content>
/// Settings in groups. As in Hugging Face each method writes all of its fields, so what is not given goes back to the method's own
/// default, and checks across groups are not made again.
/// </content>
public partial class TrainingArguments
{
    /// <summary>Sets what training needs, and that there is to be training.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetTraining(
        double learningRate = 5e-5, int batchSize = 8, Number weightDecay = default, Number? numEpochs = null, int maxSteps = -1,
        int gradientAccumulationSteps = 1, long seed = 42, bool gradientCheckpointing = false)
    {
        Complete();
        DoTrain = true;
        LearningRate = learningRate;
        PerDeviceTrainBatchSize = batchSize;
        WeightDecay = weightDecay;
        NumTrainEpochs = numEpochs ?? 3;
        MaxSteps = maxSteps;
        GradientAccumulationSteps = gradientAccumulationSteps;
        Seed = seed;
        GradientCheckpointing = gradientCheckpointing;
        return this;
    }

    /// <summary>Sets when and how to evaluate. <paramref name="steps"/> defaults to 500.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetEvaluate(
        IntervalStrategy strategy = IntervalStrategy.No, Number? steps = null, int batchSize = 8, int? accumulationSteps = null,
        Number? delay = null, bool lossOnly = false, bool jitMode = false)
    {
        Complete();
        EvaluationStrategy = strategy;
        EvalSteps = Interval("eval_steps", strategy, steps);
        DoEval = strategy != IntervalStrategy.No;
        PerDeviceEvalBatchSize = batchSize;
        EvalAccumulationSteps = accumulationSteps;
        EvalDelay = delay;
        PredictionLossOnly = lossOnly;
        JitModeEval = jitMode;
        return this;
    }

    /// <summary>Sets how to predict, and that there is to be a prediction.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetTesting(int batchSize = 8, bool lossOnly = false, bool jitMode = false)
    {
        Complete();
        DoPredict = true;
        PerDeviceEvalBatchSize = batchSize;
        PredictionLossOnly = lossOnly;
        JitModeEval = jitMode;
        return this;
    }

    /// <summary>Sets when to write checkpoints. <paramref name="steps"/> defaults to 500.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetSave(
        IntervalStrategy strategy = IntervalStrategy.Steps, Number? steps = null, int? totalLimit = null, bool onEachNode = false)
    {
        Complete();
        SaveStrategy = strategy;
        SaveSteps = Interval("save_steps", strategy, steps);
        SaveTotalLimit = totalLimit;
        SaveOnEachNode = onEachNode;
        return this;
    }

    /// <summary>Sets when and where to log. <paramref name="steps"/> defaults to 500, <paramref name="reportTo"/> to nowhere.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetLogging(
        IntervalStrategy strategy = IntervalStrategy.Steps, Number? steps = null, IReadOnlyList<string>? reportTo = null,
        string level = "passive", bool firstStep = false, bool nanInfFilter = false, bool onEachNode = false,
        string replicaLevel = "passive")
    {
        Complete();
        LoggingStrategy = strategy;
        LoggingSteps = Interval("logging_steps", strategy, steps);
        ReportTo = reportTo is null or ["none"] ? [] : reportTo;
        LogLevel = level;
        LoggingFirstStep = firstStep;
        LoggingNanInfFilter = nanInfFilter;
        LogOnEachNode = onEachNode;
        LogLevelReplica = replicaLevel;
        return this;
    }

    /// <summary>Sets what goes to the Hub, and that something is to go there.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetPushToHub(
        string modelId, HubStrategy strategy = HubStrategy.EverySave, string? token = null, bool privateRepo = false,
        bool alwaysPush = false)
    {
        Complete();
        PushToHub = true;
        HubModelId = modelId;
        HubStrategy = strategy;
        HubToken = token;
        HubPrivateRepo = privateRepo;
        HubAlwaysPush = alwaysPush;
        return this;
    }

    /// <summary>Sets the optimizer.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetOptimizer(
        OptimizerNames name = OptimizerNames.AdamwTorch, double learningRate = 5e-5, Number weightDecay = default, double beta1 = 0.9,
        double beta2 = 0.999, double epsilon = 1e-8, string? args = null)
    {
        Complete();
        Optim = name;
        LearningRate = learningRate;
        WeightDecay = weightDecay;
        AdamBeta1 = beta1;
        AdamBeta2 = beta2;
        AdamEpsilon = epsilon;
        OptimArgs = args;
        return this;
    }

    /// <summary>Sets the schedule of the learning rate, and how long it lasts.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetLrScheduler(
        SchedulerType name = SchedulerType.Linear, Number? numEpochs = null, int maxSteps = -1, Number warmupRatio = default,
        int warmupSteps = 0)
    {
        Complete();
        LrSchedulerType = name;
        NumTrainEpochs = numEpochs ?? 3.0;
        MaxSteps = maxSteps;
        WarmupRatio = warmupRatio;
        WarmupSteps = warmupSteps;
        return this;
    }

    /// <summary>Sets how rows become batches.</summary>
    /// <returns>The same object.</returns>
    public TrainingArguments SetDataloader(
        int trainBatchSize = 8, int evalBatchSize = 8, bool dropLast = false, int numWorkers = 0, bool pinMemory = true,
        bool persistentWorkers = false, bool autoFindBatchSize = false, bool ignoreDataSkip = false, long? samplerSeed = null)
    {
        Complete();
        PerDeviceTrainBatchSize = trainBatchSize;
        PerDeviceEvalBatchSize = evalBatchSize;
        DataloaderDropLast = dropLast;
        DataloaderNumWorkers = numWorkers;
        DataloaderPinMemory = pinMemory;
        DataloaderPersistentWorkers = persistentWorkers;
        AutoFindBatchSize = autoFindBatchSize;
        IgnoreDataSkip = ignoreDataSkip;
        DataSeed = samplerSeed;
        return this;
    }

    private static Number Interval(string name, IntervalStrategy strategy, Number? steps)
    {
        if (strategy != IntervalStrategy.Steps || steps != 0) return steps ?? 500;
        throw InvalidArgumentException.Value(name, steps, "a number other than 0 with the strategy steps");
    }
}
