using Microsoft.Extensions.Logging;

namespace NativeTrainer;

/// <summary>
/// The rules between the fields of <see cref="TrainingArguments"/>, in the order in which Hugging Face applies them. They say what a bare
/// description of a field cannot: what implies what, and what excludes what.
/// </summary>
internal static class TrainingArgumentsRules
{
    public static void Apply(TrainingArguments args, Action<string> warn)
    {
        Folders(args);
        args.DisableTqdm ??= args.Surroundings.LibraryLevel > LogLevel.Warning;
        if (args.NoCuda)
        {
            warn("no_cuda is the old name of use_cpu");
            args.UseCpu = true;
        }
        if (args.EvaluationStrategy != IntervalStrategy.No) args.DoEval = true;
        Steps(args);
        BestModel(args);
        args.RunName ??= args.OutputDir;
        Precision(args, warn);
        if (args.LrSchedulerType == SchedulerType.ReduceOnPlateau && args.EvaluationStrategy == IntervalStrategy.No)
        {
            var found = EnumNames.SchedulerType.Value(args.LrSchedulerType);
            throw InvalidArgumentException.Value("lr_scheduler_type", found, "evaluation_strategy steps or epoch with it");
        }
        Optimizer(args, warn);
        Devices(args);
        Extra(args);
        Compilation(args, warn);
        args.ReportTo = Integrations(args);
        Debug(args, warn);
        FsdpRules.Apply(args, warn);
        if (args.UseCpu) args.DataloaderPinMemory = false;
        Hub(args, warn);
        OldBatchSizes(args, warn);
    }

    private static void Folders(TrainingArguments args)
    {
        if (args.OutputDir is "~" || args.OutputDir.StartsWith("~/", StringComparison.Ordinal))
        {
            args.OutputDir = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + args.OutputDir[1..];
        }
        args.LoggingDir ??= Path.Combine(args.OutputDir, "runs", args.Surroundings.RunFolder());
    }

    private static void Steps(TrainingArguments args)
    {
        if (args.EvaluationStrategy == IntervalStrategy.Steps && (args.EvalSteps is null || args.EvalSteps == 0))
        {
            if (!(args.LoggingSteps > 0))
            {
                throw new InvalidArgumentException("eval_steps", "is not set, expected a number in it or one above 0 in logging_steps");
            }
            args.EvalSteps = args.LoggingSteps;
        }
        if (args.LoggingStrategy == IntervalStrategy.Steps && args.LoggingSteps == 0)
        {
            throw InvalidArgumentException.Value("logging_steps", args.LoggingSteps, "a number other than 0 with logging_strategy steps");
        }
        if (args.LoggingStrategy == IntervalStrategy.Steps) args.LoggingSteps = Whole("logging_steps", args.LoggingSteps);
        if (args.EvaluationStrategy == IntervalStrategy.Steps) args.EvalSteps = Whole("eval_steps", args.EvalSteps!.Value);
        if (args.SaveStrategy == IntervalStrategy.Steps) args.SaveSteps = Whole("save_steps", args.SaveSteps);
    }

    // Above 1 steps are counted, so the number must be whole; 1.0 stays as it is, the share of all steps that it also is.
    private static Number Whole(string name, Number steps)
    {
        if (!(steps > 1)) return steps;
        if (double.IsInteger(steps)) return steps.ToWhole();
        throw InvalidArgumentException.Value(name, steps, "a whole number, or a share of all steps below 1");
    }

    private static void BestModel(TrainingArguments args)
    {
        if (args.LoadBestModelAtEnd)
        {
            if (args.EvaluationStrategy != args.SaveStrategy)
            {
                var save = EnumNames.IntervalStrategy.Value(args.SaveStrategy);
                var evaluation = EnumNames.IntervalStrategy.Value(args.EvaluationStrategy);
                var expected = $"save_strategy ({save}) and evaluation_strategy ({evaluation}) to be equal with it";
                throw InvalidArgumentException.Value("load_best_model_at_end", true, expected);
            }
            // In floating point, so 0.3 is no multiple of 0.1: Hugging Face refuses it too.
            if (args.EvaluationStrategy == IntervalStrategy.Steps && args.SaveSteps % args.EvalSteps!.Value != 0)
            {
                var multiple = $"a multiple of eval_steps ({args.EvalSteps}) with load_best_model_at_end";
                throw InvalidArgumentException.Value("save_steps", args.SaveSteps, multiple);
            }
        }
        if (args.LoadBestModelAtEnd || args.LrSchedulerType == SchedulerType.ReduceOnPlateau) args.MetricForBestModel ??= "loss";
        if (args.MetricForBestModel is not null) args.GreaterIsBetter ??= args.MetricForBestModel is not ("loss" or "eval_loss");
    }

    private static void Precision(TrainingArguments args, Action<string> warn)
    {
        if (args.Fp16Backend != "auto")
        {
            warn("fp16_backend is the old name of half_precision_backend");
            args.HalfPrecisionBackend = args.Fp16Backend;
        }
        if (args.Fp16 && args.Bf16) throw new InvalidArgumentException("fp16", "and bf16 are both true, expected at most one of them");
        if (args.Fp16FullEval && args.Bf16FullEval)
        {
            throw new InvalidArgumentException("fp16_full_eval", "and bf16_full_eval are both true, expected at most one of them");
        }
        if (args.Bf16 && args.HalfPrecisionBackend == "apex")
        {
            throw new InvalidArgumentException("half_precision_backend", "is \"apex\", expected auto with bf16, which apex does not have");
        }
        if (args.Surroundings.GpuCount > 0) return;
        if (args.HalfPrecisionBackend == "auto")
        {
            const string expected = "is true, expected a GPU with it, or half_precision_backend cpu_amp, which rounds as float16 does";
            if (args.Fp16) throw new InvalidArgumentException("fp16", expected);
            if (args.Fp16FullEval) throw new InvalidArgumentException("fp16_full_eval", expected);
        }
        if (args.Tf32 == true) throw new InvalidArgumentException("tf32", "is true, expected a GPU that has TF32 with it");
    }

    private static void Optimizer(TrainingArguments args, Action<string> warn)
    {
        if (args.Adafactor)
        {
            warn("adafactor is the old form of optim adafactor");
            args.Optim = OptimizerNames.Adafactor;
        }
        if (args.WarmupRatio >= 0 && args.WarmupRatio <= 1) return;
        throw InvalidArgumentException.Value("warmup_ratio", args.WarmupRatio, "a number from 0 to 1");
    }

    private static void Extra(TrainingArguments args)
    {
        // Two names of one setting.
        if (args.TrainSamplingStrategy == "group_by_length") args.GroupByLength = true;
        else if (args.GroupByLength && args.TrainSamplingStrategy == "sequential")
        {
            throw new InvalidArgumentException("train_sampling_strategy", "is \"sequential\", expected random or group_by_length with group_by_length");
        }
        if (args.MaxTrainMinutes is { } minutes && !(minutes > 0)) throw InvalidArgumentException.Value("max_train_minutes", minutes, "a number above 0");
    }

    private static void Devices(TrainingArguments args)
    {
        if (args.UseMpsDevice) throw new InvalidArgumentException("use_mps_device", "is true, expected false: Apple's GPU has no backend");
        args.LocalRank = args.Surroundings.LocalProcessIndex;
    }

    private static void Compilation(TrainingArguments args, Action<string> warn)
    {
        if (args.Torchdynamo is not null)
        {
            warn("torchdynamo is the old name of torch_compile_backend");
            args.TorchCompileBackend = args.Torchdynamo;
        }
        args.TorchCompile |= args.TorchCompileMode is not null || args.TorchCompileBackend is not null;
        if (args.TorchCompile) args.TorchCompileBackend ??= "inductor";
    }

    private static IReadOnlyList<string> Integrations(TrainingArguments args) => args.ReportTo switch
    {
        null or ["all"] => args.Surroundings.ReportingIntegrations,
        ["none"] => [],
        var names => names,
    };

    private static void Debug(TrainingArguments args, Action<string> warn)
    {
        if (!args.TpuMetricsDebug) return;
        warn("tpu_metrics_debug is the old form of debug tpu_metrics_debug");
        args.Debug = [.. args.Debug, DebugOption.TpuMetricsDebug];
        args.TpuMetricsDebug = false;
    }

    private static void Hub(TrainingArguments args, Action<string> warn)
    {
        if (args.PushToHubToken is not null)
        {
            warn("push_to_hub_token is the old name of hub_token");
            args.HubToken = args.PushToHubToken;
        }
        if (args.PushToHubModelId is null && args.PushToHubOrganization is null) return;
        warn("push_to_hub_model_id and push_to_hub_organization are the old form of hub_model_id");
        var name = args.PushToHubModelId ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(args.OutputDir));
        args.HubModelId = args.PushToHubOrganization is null ? name : $"{args.PushToHubOrganization}/{name}";
    }

    private static void OldBatchSizes(TrainingArguments args, Action<string> warn)
    {
        if (args.PerGpuTrainBatchSize is not (null or 0)) warn("per_gpu_train_batch_size is the old name of per_device_train_batch_size");
        if (args.PerGpuEvalBatchSize is not (null or 0)) warn("per_gpu_eval_batch_size is the old name of per_device_eval_batch_size");
    }
}
