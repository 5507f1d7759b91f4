namespace NativeTrainer;

/// <summary>The names of an enum's members in Hugging Face's files and texts.</summary>
/// <typeparam name="T">The enum.</typeparam>
public sealed class EnumNames<T> where T : struct, Enum
{
    private readonly Dictionary<T, (string Member, string Value)> _names;
    private readonly string _type;

    /// <summary>Creates the table.</summary>
    /// <param name="type">The Python class: <c>IntervalStrategy</c>.</param>
    /// <param name="names">Each member, its name in Python and the value that files and flags have: (No, "NO", "no").</param>
    public EnumNames(string type, params IReadOnlyList<(T Item, string Member, string Value)> names)
    {
        _type = type;
        _names = names.ToDictionary(n => n.Item, n => (n.Member, n.Value));
        Values = [.. names.Select(n => n.Value)];
    }

    /// <summary>What files and flags may say, in order.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>What files and flags say.</summary>
    public string Value(T item) => _names[item].Value;

    /// <summary>What Python's <c>str</c> prints: <c>IntervalStrategy.NO</c>.</summary>
    public string Str(T item) => $"{_type}.{_names[item].Member}";

    /// <summary>What Python's <c>repr</c> prints: <c>&lt;DebugOption.UNDERFLOW_OVERFLOW: 'underflow_overflow'&gt;</c>.</summary>
    public string Repr(T item) => $"<{Str(item)}: '{_names[item].Value}'>";

    /// <summary>Looks a value up; case matters, member names are not accepted.</summary>
    public bool TryParse(string value, out T item)
    {
        foreach (var (candidate, name) in _names)
        {
            if (name.Value != value) continue;
            item = candidate;
            return true;
        }
        item = default;
        return false;
    }
}

/// <summary>The names of the enums that arguments hold.</summary>
public static class EnumNames
{
    /// <summary>When something happens.</summary>
    public static EnumNames<IntervalStrategy> IntervalStrategy { get; } = new("IntervalStrategy",
        (NativeTrainer.IntervalStrategy.No, "NO", "no"),
        (NativeTrainer.IntervalStrategy.Steps, "STEPS", "steps"),
        (NativeTrainer.IntervalStrategy.Epoch, "EPOCH", "epoch"));

    /// <summary>Shapes of the learning rate.</summary>
    public static EnumNames<SchedulerType> SchedulerType { get; } = new("SchedulerType",
        (NativeTrainer.SchedulerType.Linear, "LINEAR", "linear"),
        (NativeTrainer.SchedulerType.Cosine, "COSINE", "cosine"),
        (NativeTrainer.SchedulerType.CosineWithRestarts, "COSINE_WITH_RESTARTS", "cosine_with_restarts"),
        (NativeTrainer.SchedulerType.Polynomial, "POLYNOMIAL", "polynomial"),
        (NativeTrainer.SchedulerType.Constant, "CONSTANT", "constant"),
        (NativeTrainer.SchedulerType.ConstantWithWarmup, "CONSTANT_WITH_WARMUP", "constant_with_warmup"),
        (NativeTrainer.SchedulerType.InverseSqrt, "INVERSE_SQRT", "inverse_sqrt"),
        (NativeTrainer.SchedulerType.ReduceOnPlateau, "REDUCE_ON_PLATEAU", "reduce_lr_on_plateau"),
        (NativeTrainer.SchedulerType.CosineWithMinLr, "COSINE_WITH_MIN_LR", "cosine_with_min_lr"),
        (NativeTrainer.SchedulerType.CosineWarmupWithMinLr, "COSINE_WARMUP_WITH_MIN_LR", "cosine_warmup_with_min_lr"),
        (NativeTrainer.SchedulerType.WarmupStableDecay, "WARMUP_STABLE_DECAY", "warmup_stable_decay"));

    /// <summary>Optimizers.</summary>
    public static EnumNames<OptimizerNames> OptimizerNames { get; } = new("OptimizerNames",
        (NativeTrainer.OptimizerNames.AdamwHf, "ADAMW_HF", "adamw_hf"),
        (NativeTrainer.OptimizerNames.AdamwTorch, "ADAMW_TORCH", "adamw_torch"),
        (NativeTrainer.OptimizerNames.AdamwTorchFused, "ADAMW_TORCH_FUSED", "adamw_torch_fused"),
        (NativeTrainer.OptimizerNames.AdamwTorchXla, "ADAMW_TORCH_XLA", "adamw_torch_xla"),
        (NativeTrainer.OptimizerNames.AdamwTorchNpuFused, "ADAMW_TORCH_NPU_FUSED", "adamw_torch_npu_fused"),
        (NativeTrainer.OptimizerNames.AdamwApexFused, "ADAMW_APEX_FUSED", "adamw_apex_fused"),
        (NativeTrainer.OptimizerNames.Adafactor, "ADAFACTOR", "adafactor"),
        (NativeTrainer.OptimizerNames.AdamwAnyprecision, "ADAMW_ANYPRECISION", "adamw_anyprecision"),
        (NativeTrainer.OptimizerNames.Sgd, "SGD", "sgd"),
        (NativeTrainer.OptimizerNames.Adagrad, "ADAGRAD", "adagrad"),
        (NativeTrainer.OptimizerNames.AdamwBnb, "ADAMW_BNB", "adamw_bnb_8bit"),
        (NativeTrainer.OptimizerNames.Adamw8Bit, "ADAMW_8BIT", "adamw_8bit"),
        (NativeTrainer.OptimizerNames.Lion8Bit, "LION_8BIT", "lion_8bit"),
        (NativeTrainer.OptimizerNames.Lion, "LION", "lion_32bit"),
        (NativeTrainer.OptimizerNames.PagedAdamw, "PAGED_ADAMW", "paged_adamw_32bit"),
        (NativeTrainer.OptimizerNames.PagedAdamw8Bit, "PAGED_ADAMW_8BIT", "paged_adamw_8bit"),
        (NativeTrainer.OptimizerNames.PagedLion, "PAGED_LION", "paged_lion_32bit"),
        (NativeTrainer.OptimizerNames.PagedLion8Bit, "PAGED_LION_8BIT", "paged_lion_8bit"),
        (NativeTrainer.OptimizerNames.Rmsprop, "RMSPROP", "rmsprop"),
        (NativeTrainer.OptimizerNames.AdamwTorch8Bit, "ADAMW_TORCH_8BIT", "adamw_torch_8bit"),
        (NativeTrainer.OptimizerNames.AdEMAMix, "ADEMAMIX", "ademamix"),
        (NativeTrainer.OptimizerNames.AdEMAMix8Bit, "ADEMAMIX_8BIT", "ademamix_8bit"),
        (NativeTrainer.OptimizerNames.ScheduleFreeAdamW, "SCHEDULE_FREE_ADAMW", "schedule_free_adamw"),
        (NativeTrainer.OptimizerNames.StableAdamW, "STABLE_ADAMW", "stable_adamw"),
        (NativeTrainer.OptimizerNames.Muon, "MUON", "muon"));

    /// <summary>When the Hub is pushed to.</summary>
    public static EnumNames<HubStrategy> HubStrategy { get; } = new("HubStrategy",
        (NativeTrainer.HubStrategy.End, "END", "end"),
        (NativeTrainer.HubStrategy.EverySave, "EVERY_SAVE", "every_save"),
        (NativeTrainer.HubStrategy.Checkpoint, "CHECKPOINT", "checkpoint"),
        (NativeTrainer.HubStrategy.AllCheckpoints, "ALL_CHECKPOINTS", "all_checkpoints"));

    /// <summary>Watches.</summary>
    public static EnumNames<DebugOption> DebugOption { get; } = new("DebugOption",
        (NativeTrainer.DebugOption.UnderflowOverflow, "UNDERFLOW_OVERFLOW", "underflow_overflow"),
        (NativeTrainer.DebugOption.TpuMetricsDebug, "TPU_METRICS_DEBUG", "tpu_metrics_debug"));

    /// <summary>Ways of sharding.</summary>
    public static EnumNames<FsdpOption> FsdpOption { get; } = new("FSDPOption",
        (NativeTrainer.FsdpOption.FullShard, "FULL_SHARD", "full_shard"),
        (NativeTrainer.FsdpOption.ShardGradOp, "SHARD_GRAD_OP", "shard_grad_op"),
        (NativeTrainer.FsdpOption.NoShard, "NO_SHARD", "no_shard"),
        (NativeTrainer.FsdpOption.HybridShard, "HYBRID_SHARD", "hybrid_shard"),
        (NativeTrainer.FsdpOption.HybridShardZero2, "HYBRID_SHARD_ZERO2", "hybrid_shard_zero2"),
        (NativeTrainer.FsdpOption.Offload, "OFFLOAD", "offload"),
        (NativeTrainer.FsdpOption.AutoWrap, "AUTO_WRAP", "auto_wrap"));

    /// <summary>Ways of working together.</summary>
    public static EnumNames<ParallelMode> ParallelMode { get; } = new("ParallelMode",
        (NativeTrainer.ParallelMode.NotParallel, "NOT_PARALLEL", "not_parallel"),
        (NativeTrainer.ParallelMode.NotDistributed, "NOT_DISTRIBUTED", "not_distributed"),
        (NativeTrainer.ParallelMode.Distributed, "DISTRIBUTED", "distributed"));
}
