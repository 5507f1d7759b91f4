using NativeTrainer.Optimization;

namespace NativeTrainer;

/// <summary>
/// Which arguments a training obeys, and what to do instead of those that it does not: the one place where an argument is refused because
/// its behaviour is missing. To support one, move it from NotYet to Supported. An argument is never taken and ignored.
/// </summary>
public static class SupportedArguments
{
    private const string OneProcess = "only one process trains; leave it out";
    private const string OneStepAtATime = "steps are not recorded yet; leave it out";
    private const string NoHub = "nothing is pushed to the Hub; leave it out and upload output_dir with Hugging Face's own tools";

    /// <summary>Arguments that do what they say, for every value that <see cref="TrainingArguments.Complete"/> accepts.</summary>
    internal static readonly IReadOnlySet<string> Supported = new HashSet<string>
    {
        "output_dir", "overwrite_output_dir", "run_name",
        "do_train", "do_eval", "do_predict", "resume_from_checkpoint", "ignore_data_skip",
        "evaluation_strategy", "eval_steps", "eval_delay", "eval_accumulation_steps", "prediction_loss_only", "label_names",
        "include_inputs_for_metrics", "use_legacy_prediction_loop",
        "load_best_model_at_end", "metric_for_best_model", "greater_is_better",
        "per_device_train_batch_size", "per_device_eval_batch_size", "per_gpu_train_batch_size", "per_gpu_eval_batch_size",
        "auto_find_batch_size",
        "gradient_accumulation_steps", "num_train_epochs", "max_steps",
        "optim_args", "adafactor", "learning_rate", "weight_decay", "adam_beta1", "adam_beta2", "adam_epsilon", "max_grad_norm",
        "label_smoothing_factor", "gradient_checkpointing", "neftune_noise_alpha", "bf16", "bf16_full_eval",
        "fp16", "fp16_full_eval", "half_precision_backend", "fp16_backend",
        "lr_scheduler_type", "lr_scheduler_kwargs", "warmup_ratio", "warmup_steps",
        "log_on_each_node", "logging_dir", "logging_strategy", "logging_first_step", "logging_steps", "logging_nan_inf_filter",
        "disable_tqdm", "skip_memory_metrics", "include_tokens_per_second", "include_num_input_tokens_seen",
        "save_strategy", "save_steps", "save_total_limit", "save_on_each_node", "save_only_model", "save_safetensors",
        "seed", "data_seed", "full_determinism",
        "no_cuda", "use_cpu", "local_rank",
        "dataloader_drop_last", "dataloader_num_workers", "dataloader_pin_memory", "remove_unused_columns",
        "group_by_length", "length_column_name",
        "sortish_sampler", "predict_with_generate", "generation_max_length", "generation_num_beams", "generation_config",
    };

    /// <summary>Arguments of which some values are supported: those values, and what to do instead of the others.</summary>
    internal static readonly IReadOnlyDictionary<string, (Func<TrainingArguments, bool> IsSupported, string Instead)> Partly
        = new Dictionary<string, (Func<TrainingArguments, bool>, string)>
        {
            ["optim"] = (a => Optimizers.Refusal(a.Optim) is null, "use adamw_torch or adamw_torch_fused, whose update is the same"),
            ["report_to"] = (a => a.ReportTo is [], "there are no integrations yet; use none, and a callback that overrides OnLog"),
            ["fp16_opt_level"] = (a => a.Fp16OptLevel == "O1" || (a is { Fp16: true, HalfPrecisionBackend: "apex" }
                && a.Fp16OptLevel is "O0" or "O2" or "O3"), "use O0, O1, O2 or O3, with fp16 and half_precision_backend apex"),
            ["debug"] = (a => a.Debug.All(option => option == DebugOption.UnderflowOverflow), "there is no backend for TPUs; use underflow_overflow"),
            ["tf32"] = (a => a.Tf32 is not true, "the processor has no TF32; leave it out"),
            ["gradient_checkpointing_kwargs"] = (
                a => a.GradientCheckpointingKwargs?.All(p => p is { Key: "use_reentrant", Value: false }) ?? true,
                "use {\"use_reentrant\": false}, which is how activations are computed again here"),
            ["dataloader_persistent_workers"] = (
                a => !a.DataloaderPersistentWorkers || a.DataloaderNumWorkers > 0, "set dataloader_num_workers above 0, or leave it out"),
            ["log_level"] = (a => TrainingArguments.LogLevels.ContainsKey(a.LogLevel), LevelNames),
            ["log_level_replica"] = (a => TrainingArguments.LogLevels.ContainsKey(a.LogLevelReplica), LevelNames),
        };

    /// <summary>Arguments that are not supported yet: what to do instead of setting them.</summary>
    internal static readonly IReadOnlyDictionary<string, string> NotYet = new Dictionary<string, string>
    {
        ["past_index"] = "no output is fed back; leave it out",
        ["jit_mode_eval"] = OneStepAtATime,
        ["use_mps_device"] = "there is no backend for Apple's GPU; leave it out",
        ["use_ipex"] = "the kernels are our own and need no extension; leave it out",
        ["_n_gpu"] = "there is no GPU backend yet; leave it out",
        ["tpu_num_cores"] = "there is no backend for TPUs; leave it out",
        ["tpu_metrics_debug"] = "there is no backend for TPUs; leave it out",
        ["ddp_backend"] = OneProcess,
        ["ddp_find_unused_parameters"] = OneProcess,
        ["ddp_bucket_cap_mb"] = OneProcess,
        ["ddp_broadcast_buffers"] = OneProcess,
        ["ddp_timeout"] = OneProcess,
        ["fsdp"] = OneProcess,
        ["fsdp_min_num_params"] = OneProcess,
        ["fsdp_transformer_layer_cls_to_wrap"] = OneProcess,
        ["fsdp_config"] = OneProcess,
        ["deepspeed"] = OneProcess,
        ["mp_parameters"] = OneProcess,
        ["dispatch_batches"] = OneProcess,
        ["split_batches"] = OneProcess,
        ["push_to_hub"] = NoHub,
        ["hub_model_id"] = NoHub,
        ["hub_strategy"] = NoHub,
        ["hub_token"] = NoHub,
        ["hub_private_repo"] = NoHub,
        ["hub_always_push"] = NoHub,
        ["push_to_hub_model_id"] = NoHub,
        ["push_to_hub_organization"] = NoHub,
        ["push_to_hub_token"] = NoHub,
        ["torch_compile"] = OneStepAtATime,
        ["torch_compile_backend"] = OneStepAtATime,
        ["torch_compile_mode"] = OneStepAtATime,
        ["torchdynamo"] = OneStepAtATime,
        ["ray_scope"] = "there is no hyperparameter search yet; leave it out",
    };

    private static readonly Lazy<OrderedDictionary<string, object?>> Defaults = new(() =>
    {
        var (args, values) = (new Seq2SeqTrainingArguments("").Complete(), new OrderedDictionary<string, object?>());
        foreach (var field in args.Fields) values[field.Name] = field.Get(args);
        return values;
    });

    private static string LevelNames => "use one of " + string.Join(", ", TrainingArguments.LogLevels.Keys);

    /// <summary>Refuses arguments that would not be obeyed, the first of them by name; the Trainer's constructor calls it.</summary>
    /// <exception cref="InvalidArgumentException">An argument is set that is not supported yet.</exception>
    public static void Check(TrainingArguments args)
    {
        var shown = args.ToDict();
        foreach (var field in args.Fields)
        {
            if (Refusal(field, args) is not { } instead) continue;
            var found = PythonJson.Write(shown.GetValueOrDefault(field.Name));
            throw new InvalidArgumentException(field.Name, $"is {found}, which is not supported: {instead}");
        }
    }

    /// <summary>Refuses values with which training cannot begin; <c>Train</c> calls it.</summary>
    /// <exception cref="InvalidArgumentException">A value is out of range.</exception>
    public static void CheckForTraining(TrainingArguments args)
    {
        Require(args.TrainBatchSize >= 1, "per_device_train_batch_size", args.TrainBatchSize, "at least 1");
        Require(args.GradientAccumulationSteps >= 1, "gradient_accumulation_steps", args.GradientAccumulationSteps, "at least 1");
        Require(args.DataloaderNumWorkers >= 0, "dataloader_num_workers", args.DataloaderNumWorkers, "a whole number from 0 up");
        Require(args.LearningRate >= 0, "learning_rate", args.LearningRate, "a number from 0 up");
        Require(args.WeightDecay >= 0, "weight_decay", args.WeightDecay, "a number from 0 up");
        Require(args.AdamBeta1 >= 0 && args.AdamBeta1 < 1, "adam_beta1", args.AdamBeta1, "a number from 0 up and below 1");
        Require(args.AdamBeta2 >= 0 && args.AdamBeta2 < 1, "adam_beta2", args.AdamBeta2, "a number from 0 up and below 1");
        Require(args.AdamEpsilon >= 0, "adam_epsilon", args.AdamEpsilon, "a number from 0 up");
        _ = new OptimizerArguments(args.OptimArgs, EnumNames.OptimizerNames.Value(args.Optim)); // each item is name=value
        var hasLength = args.MaxSteps > 0 || args.NumTrainEpochs > 0;
        Require(hasLength, "num_train_epochs", args.NumTrainEpochs, "a number above 0, or max_steps above 0");
        Require(args.Seed is >= 0 and <= uint.MaxValue, "seed", args.Seed, "a whole number from 0 to 4294967295");
        Require(args.DataSeed is null or (>= 0 and <= uint.MaxValue), "data_seed", args.DataSeed, "a whole number from 0 to 4294967295");
    }

    private static string? Refusal(ArgumentField field, TrainingArguments args)
    {
        if (Partly.TryGetValue(field.Name, out var rule)) return rule.IsSupported(args) ? null : rule.Instead;
        if (!NotYet.TryGetValue(field.Name, out var instead)) return null;
        return PythonValue.AreEqual(field.Get(args), Defaults.Value[field.Name]) ? null : instead;
    }

    private static void Require(bool condition, string name, object? value, string expected)
    {
        if (!condition) throw InvalidArgumentException.Value(name, value, expected);
    }
}
