namespace NativeTrainer;

/// <summary>
/// Everything that a training run can be told, with the names, defaults and rules of Transformers 4.37.2's class. Set what you need and
/// leave the rest; <see cref="Complete"/> then fills in what follows from other settings, by itself when the arguments are first used.
/// </summary>
/// <remarks>
/// <see href="https://huggingface.co/docs/transformers/v4.37.2/en/main_classes/trainer">Hugging Face's page</see> has the fields at length.
/// What this version does not do yet is refused by name when a Trainer is made (<see cref="SupportedArguments"/>).
/// </remarks>
/// <example><code>
/// var args = new TrainingArguments("out") { LearningRate = 1e-3, NumTrainEpochs = 1, LoggingSteps = 10 };
/// </code></example>
/// <param name="outputDir">Folder that receives checkpoints, the model and the results.</param>
public partial class TrainingArguments(string outputDir) : IArgumentGroup
{
    // Output
    /// <summary>Folder that receives checkpoints, the model and the results.</summary>
    public string OutputDir { get; set; } = outputDir;
    /// <summary>Train into an output folder that is not empty; without it a script resumes from its last checkpoint or stops.</summary>
    public bool OverwriteOutputDir { get; set; }
    /// <summary>Name of the run in reports; unset: output_dir.</summary>
    public string? RunName { get; set; }

    // Tasks
    /// <summary>Tells a script to train; the Trainer does not read it.</summary>
    public bool DoTrain { get; set; }
    /// <summary>Tells a script to evaluate at the end; any evaluation strategy but no switches it on.</summary>
    public bool DoEval { get; set; }
    /// <summary>Tells a script to predict on its test set; the Trainer does not read it.</summary>
    public bool DoPredict { get; set; }
    /// <summary>Resume at an epoch's first batch instead of skipping those that were seen.</summary>
    public bool IgnoreDataSkip { get; set; }
    /// <summary>Checkpoint folder that a script resumes from.</summary>
    public string? ResumeFromCheckpoint { get; set; }

    // Evaluation
    /// <summary>When to evaluate while training: no, every eval_steps (steps), or after each epoch.</summary>
    public IntervalStrategy EvaluationStrategy { get; set; } = IntervalStrategy.No;
    /// <summary>Evaluation keeps the loss alone and drops predictions and labels.</summary>
    public bool PredictionLossOnly { get; set; }
    /// <summary>Evaluation batches whose predictions stay on the device before they move to main memory; unset: all.</summary>
    public int? EvalAccumulationSteps { get; set; }
    /// <summary>Steps or epochs (the unit of evaluation_strategy) before which nothing is evaluated.</summary>
    public Number? EvalDelay { get; set; } = 0;
    /// <summary>Record the evaluation step once and replay it.</summary>
    public bool JitModeEval { get; set; }
    /// <summary>Steps between two evaluations; below 1 a share of all steps; unset: logging_steps.</summary>
    public Number? EvalSteps { get; set; }
    /// <summary>Which output is fed back to the model as mems at the next step; below 0: none.</summary>
    public int PastIndex { get; set; } = -1;
    /// <summary>Inputs that are labels; unset: those that the model names.</summary>
    public IReadOnlyList<string>? LabelNames { get; set; }
    /// <summary>Load the best checkpoint's weights when training ends.</summary>
    public bool LoadBestModelAtEnd { get; set; }
    /// <summary>Metric of the evaluation that says which checkpoint is best, with or without eval_ in front.</summary>
    public string? MetricForBestModel { get; set; }
    /// <summary>Whether a larger metric is better; unset: yes, unless the metric is loss or eval_loss.</summary>
    public bool? GreaterIsBetter { get; set; }
    /// <summary>Evaluate with the older loop.</summary>
    public bool UseLegacyPredictionLoop { get; set; }
    /// <summary>Hand the inputs to compute_metrics too.</summary>
    public bool IncludeInputsForMetrics { get; set; }

    // Batches and length
    /// <summary>Rows in a training batch on one device.</summary>
    public int PerDeviceTrainBatchSize { get; set; } = 8;
    /// <summary>Rows in an evaluation batch on one device.</summary>
    public int PerDeviceEvalBatchSize { get; set; } = 8;
    /// <summary>Old name of per_device_train_batch_size; wins over it unless 0 or unset.</summary>
    public int? PerGpuTrainBatchSize { get; set; }
    /// <summary>Old name of per_device_eval_batch_size; wins over it unless 0 or unset.</summary>
    public int? PerGpuEvalBatchSize { get; set; }
    /// <summary>Batches whose gradients are added up for one update.</summary>
    public int GradientAccumulationSteps { get; set; } = 1;
    /// <summary>Passes over the training set; a fraction ends within a pass.</summary>
    public Number NumTrainEpochs { get; set; } = 3.0;
    /// <summary>Updates to make; above 0 it replaces num_train_epochs.</summary>
    public int MaxSteps { get; set; } = -1;
    /// <summary>After running out of memory, start again with half the batch.</summary>
    public bool AutoFindBatchSize { get; set; }

    // Optimizer
    /// <summary>Learning rate at the top of the schedule.</summary>
    public Number LearningRate { get; set; } = 5e-5;
    /// <summary>Weight decay of all parameters but biases and normalization weights.</summary>
    public Number WeightDecay { get; set; } = 0.0;
    /// <summary>Decay of Adam's running mean of gradients.</summary>
    public Number AdamBeta1 { get; set; } = 0.9;
    /// <summary>Decay of Adam's running mean of squared gradients.</summary>
    public Number AdamBeta2 { get; set; } = 0.999;
    /// <summary>Added to Adam's denominator.</summary>
    public Number AdamEpsilon { get; set; } = 1e-8;
    /// <summary>Gradients are scaled down to this norm over all parameters; 0 leaves them as they are.</summary>
    public Number MaxGradNorm { get; set; } = 1.0;
    /// <summary>Share of a label's probability that is spread evenly over all labels; 0: none.</summary>
    public Number LabelSmoothingFactor { get; set; } = 0.0;
    /// <summary>Optimizer.</summary>
    public OptimizerNames Optim { get; set; } = OptimizerNames.AdamwTorch;
    /// <summary>Settings of the optimizer: name=value, name=value.</summary>
    public string? OptimArgs { get; set; }
    /// <summary>Old form of optim adafactor.</summary>
    public bool Adafactor { get; set; }
    /// <summary>Compute activations again in the backward pass instead of keeping them: slower, less memory.</summary>
    public bool GradientCheckpointing { get; set; }
    /// <summary>Settings of gradient_checkpointing, for instance {"use_reentrant": false}.</summary>
    public IReadOnlyDictionary<string, object?>? GradientCheckpointingKwargs { get; set; }
    /// <summary>Strength of NEFTune's noise on embeddings (Jain and others, 2023); unset: none.</summary>
    public Number? NeftuneNoiseAlpha { get; set; }

    // Schedule
    /// <summary>Shape of the learning rate over the steps.</summary>
    public SchedulerType LrSchedulerType { get; set; } = SchedulerType.Linear;
    /// <summary>Settings of that shape, for instance {"num_cycles": 2}.</summary>
    public IReadOnlyDictionary<string, object?>? LrSchedulerKwargs { get; set; } = new Dictionary<string, object?>();
    /// <summary>Share of all steps, 0 to 1, over which the learning rate rises from 0.</summary>
    public Number WarmupRatio { get; set; } = 0.0;
    /// <summary>Steps over which the learning rate rises from 0; above 0 it replaces warmup_ratio.</summary>
    public int WarmupSteps { get; set; }

    // Logging
    /// <summary>What the main process reports; passive leaves the logger as it is.</summary>
    public string LogLevel { get; set; } = "passive";
    /// <summary>What all other processes report.</summary>
    public string LogLevelReplica { get; set; } = "warning";
    /// <summary>With several machines: the first process of each one logs, not only that of the first machine.</summary>
    public bool LogOnEachNode { get; set; } = true;
    /// <summary>Folder of event files; unset: output_dir/runs/DATE_HOST.</summary>
    public string? LoggingDir { get; set; }
    /// <summary>When to log: no, every logging_steps (steps), or after each epoch.</summary>
    public IntervalStrategy LoggingStrategy { get; set; } = IntervalStrategy.Steps;
    /// <summary>Log the very first step too.</summary>
    public bool LoggingFirstStep { get; set; }
    /// <summary>Steps between two logs; below 1 a share of all steps.</summary>
    public Number LoggingSteps { get; set; } = 500;
    /// <summary>A loss that is nan or infinite counts as the mean so far in the logged loss.</summary>
    public bool LoggingNanInfFilter { get; set; } = true;
    /// <summary>Plain lines instead of a progress bar.</summary>
    public bool? DisableTqdm { get; set; }
    /// <summary>Integrations that get the logs: none, all (those installed) or their names.</summary>
    public IReadOnlyList<string>? ReportTo { get; set; }
    /// <summary>Leave memory use out of the metrics.</summary>
    public bool SkipMemoryMetrics { get; set; } = true;
    /// <summary>Report training speed in tokens too; counts the training set's tokens first.</summary>
    public bool IncludeTokensPerSecond { get; set; }
    /// <summary>Count the input tokens that were trained on.</summary>
    public bool IncludeNumInputTokensSeen { get; set; }

    // Saving
    /// <summary>When to write a checkpoint: no, every save_steps (steps), or after each epoch.</summary>
    public IntervalStrategy SaveStrategy { get; set; } = IntervalStrategy.Steps;
    /// <summary>Steps between two checkpoints; below 1 a share of all steps.</summary>
    public Number SaveSteps { get; set; } = 500;
    /// <summary>Checkpoints to keep: the oldest go first, the best stays; unset, 0 or less: all.</summary>
    public int? SaveTotalLimit { get; set; }
    /// <summary>Write weights as model.safetensors, not as pytorch_model.bin.</summary>
    public bool SaveSafetensors { get; set; } = true;
    /// <summary>With several machines: each one saves, not only the first.</summary>
    public bool SaveOnEachNode { get; set; }
    /// <summary>Checkpoints hold the weights alone, so training cannot go on from them as it would have.</summary>
    public bool SaveOnlyModel { get; set; }

    // Seeds
    /// <summary>Seed of all that is random: new weights, order of data, dropout.</summary>
    public long Seed { get; set; } = 42;
    /// <summary>Seed of the order of data alone, which Transformers 4.37.2 forgets; unset: the order follows <see cref="Seed"/> and all other draws.</summary>
    public long? DataSeed { get; set; }
    /// <summary>Seed everything and take only kernels that give the same bits each time.</summary>
    public bool FullDeterminism { get; set; }

    // Device
    /// <summary>Old name of use_cpu.</summary>
    public bool NoCuda { get; set; }
    /// <summary>Use the processor even where there is a GPU.</summary>
    public bool UseCpu { get; set; }
    /// <summary>Use Apple's GPU; there is no backend for it.</summary>
    public bool UseMpsDevice { get; set; }
    /// <summary>Use Intel's extension for PyTorch; there is none here.</summary>
    public bool UseIpex { get; set; }
    /// <summary>Cores of a TPU; there is no backend for it.</summary>
    public int? TpuNumCores { get; set; }

    // Precision
    /// <summary>Compute in bfloat16 where that is safe; weights stay float32.</summary>
    public bool Bf16 { get; set; }
    /// <summary>Compute in float16 with loss scaling; weights stay float32. Needs a GPU.</summary>
    public bool Fp16 { get; set; }
    /// <summary>Apex's level of float16 training: O0, O1, O2 or O3.</summary>
    public string Fp16OptLevel { get; set; } = "O1";
    /// <summary>What manages float16 and bfloat16.</summary>
    public string HalfPrecisionBackend { get; set; } = "auto";
    /// <summary>Evaluate with all weights in bfloat16.</summary>
    public bool Bf16FullEval { get; set; }
    /// <summary>Evaluate with all weights in float16. Needs a GPU.</summary>
    public bool Fp16FullEval { get; set; }
    /// <summary>Let a GPU round the inputs of float32 products to TF32; unset: as the GPU is set.</summary>
    public bool? Tf32 { get; set; }
    /// <summary>Old name of half_precision_backend.</summary>
    public string Fp16Backend { get; set; } = "auto";

    // Distributed
    /// <summary>Not read: it ends as the number of this process, 0 with one process.</summary>
    public int LocalRank { get; set; } = -1;
    /// <summary>What carries messages between processes.</summary>
    public string? DdpBackend { get; set; }
    /// <summary>
    /// Shard the model over processes: full_shard, shard_grad_op and others, and with them offload and auto_wrap.
    /// </summary>
    public IReadOnlyList<FsdpOption> Fsdp { get; set; } = [];
    /// <summary>Old form of min_num_params in fsdp_config.</summary>
    public int FsdpMinNumParams { get; set; }
    /// <summary>Settings of fsdp: an object, or a JSON file that has one.</summary>
    public IReadOnlyDictionary<string, object?>? FsdpConfig { get; set; }
    /// <summary>Old form of transformer_layer_cls_to_wrap in fsdp_config.</summary>
    public string? FsdpTransformerLayerClsToWrap { get; set; }
    /// <summary>Configuration file of DeepSpeed.</summary>
    public string? Deepspeed { get; set; }
    /// <summary>Processes look for parameters without a gradient; unset: unless gradients are checkpointed.</summary>
    public bool? DdpFindUnusedParameters { get; set; }
    /// <summary>Megabytes of gradients that processes exchange at a time.</summary>
    public int? DdpBucketCapMb { get; set; }
    /// <summary>Processes copy the first one's buffers at each forward.</summary>
    public bool? DdpBroadcastBuffers { get; set; }
    /// <summary>Settings of SageMaker's model parallelism.</summary>
    public string MpParameters { get; set; } = "";
    /// <summary>Seconds that processes wait for each other.</summary>
    public int DdpTimeout { get; set; } = 1800;
    /// <summary>The first process reads all batches and hands them out.</summary>
    public bool? DispatchBatches { get; set; }
    /// <summary>A batch is split over the processes instead of each having its own.</summary>
    public bool SplitBatches { get; set; }

    // Data loading
    /// <summary>Leave out an epoch's last batch if it is not full.</summary>
    public bool DataloaderDropLast { get; set; }
    /// <summary>Workers that prepare batches; with 0 the training thread does.</summary>
    public int DataloaderNumWorkers { get; set; }
    /// <summary>Drop columns that the model's forward does not take.</summary>
    public bool RemoveUnusedColumns { get; set; } = true;
    /// <summary>Put rows of similar length into a batch.</summary>
    public bool GroupByLength { get; set; }
    /// <summary>Column that holds the lengths for group_by_length, if there is one.</summary>
    public string LengthColumnName { get; set; } = "length";
    /// <summary>Batches in page-locked memory, faster to copy to a GPU; without a GPU nothing changes.</summary>
    public bool DataloaderPinMemory { get; set; } = true;
    /// <summary>Workers live on from one epoch to the next.</summary>
    public bool DataloaderPersistentWorkers { get; set; }

    // Hub
    /// <summary>Push the model to the Hub when it is saved.</summary>
    public bool PushToHub { get; set; }
    /// <summary>Repository on the Hub; unset: the name of output_dir.</summary>
    public string? HubModelId { get; set; }
    /// <summary>What is pushed to the Hub, and when.</summary>
    public HubStrategy HubStrategy { get; set; } = HubStrategy.EverySave;
    /// <summary>Token for the Hub; unset: that of the login.</summary>
    public string? HubToken { get; set; }
    /// <summary>Make the repository private.</summary>
    public bool HubPrivateRepo { get; set; }
    /// <summary>Push even if the push before is not done yet.</summary>
    public bool HubAlwaysPush { get; set; }
    /// <summary>Old form of hub_model_id.</summary>
    public string? PushToHubModelId { get; set; }
    /// <summary>Old form of hub_model_id: its part before the slash.</summary>
    public string? PushToHubOrganization { get; set; }
    /// <summary>Old name of hub_token.</summary>
    public string? PushToHubToken { get; set; }

    // Debug
    /// <summary>Old form of debug tpu_metrics_debug.</summary>
    public bool TpuMetricsDebug { get; set; }
    /// <summary>Watches to switch on; underflow_overflow stops at the first value that is not finite.</summary>
    public IReadOnlyList<DebugOption> Debug { get; set; } = [];

    // Compile
    /// <summary>Old name of torch_compile_backend.</summary>
    public string? Torchdynamo { get; set; }
    /// <summary>Record a step's kernels once and replay them.</summary>
    public bool TorchCompile { get; set; }
    /// <summary>How torch_compile works; setting it switches torch_compile on.</summary>
    public string? TorchCompileBackend { get; set; }
    /// <summary>What torch_compile aims at; setting it switches torch_compile on.</summary>
    public string? TorchCompileMode { get; set; }

    // Search
    /// <summary>Which trial of a Ray search is best.</summary>
    public string RayScope { get; set; } = "last";
}
