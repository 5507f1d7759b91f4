namespace NativeTrainer;

/// <summary>The keys of <c>trainer_state.json</c>: how each is written and read.</summary>
internal static class TrainerStateJson
{
    public static OrderedDictionary<string, object?> ToPlain(TrainerState state) => new()
    {
        ["epoch"] = state.Epoch?.ToPlain(),
        ["global_step"] = (long)state.GlobalStep,
        ["max_steps"] = (long)state.MaxSteps,
        ["logging_steps"] = state.LoggingSteps.ToPlain(),
        ["eval_steps"] = state.EvalSteps.ToPlain(),
        ["save_steps"] = state.SaveSteps.ToPlain(),
        ["train_batch_size"] = state.TrainBatchSize is { } size ? (long)size : null,
        ["num_train_epochs"] = state.NumTrainEpochs,
        ["num_input_tokens_seen"] = state.NumInputTokensSeen,
        ["total_flos"] = state.TotalFlos.ToPlain(),
        ["log_history"] = state.LogHistory.Cast<object?>().ToList(),
        ["best_metric"] = state.BestMetric?.ToPlain(),
        ["best_model_checkpoint"] = state.BestModelCheckpoint,
        ["is_local_process_zero"] = state.IsLocalProcessZero,
        ["is_world_process_zero"] = state.IsWorldProcessZero,
        ["is_hyper_param_search"] = state.IsHyperParamSearch,
        ["trial_name"] = state.TrialName,
        ["trial_params"] = state.TrialParams,
    };

    public static TrainerState Read(string json, string source)
    {
        IReadOnlyDictionary<string, object?>? values;
        try
        {
            values = PythonJson.Read(json) as IReadOnlyDictionary<string, object?>;
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
        if (values is null) throw new InvalidDataException($"{source} holds no JSON object, expected a trainer's state");
        var state = new TrainerState();
        foreach (var (key, value) in values) Assign(state, key, value, source);
        return state;
    }

    private static void Assign(TrainerState state, string key, object? value, string source)
    {
        switch (key)
        {
            case "epoch": state.Epoch = NumberOrNull(); break;
            case "global_step": state.GlobalStep = checked((int)Whole()); break;
            case "max_steps": state.MaxSteps = checked((int)Whole()); break;
            case "logging_steps": state.LoggingSteps = Number(); break;
            case "eval_steps": state.EvalSteps = Number(); break;
            case "save_steps": state.SaveSteps = Number(); break;
            case "train_batch_size": state.TrainBatchSize = value is null ? null : checked((int)Whole()); break;
            case "num_train_epochs": state.NumTrainEpochs = Whole(); break;
            case "num_input_tokens_seen": state.NumInputTokensSeen = Whole(); break;
            case "total_flos": state.TotalFlos = Number(); break;
            case "log_history": state.LogHistory.AddRange(value is null ? [] : List().Select(Map)); break;
            case "best_metric": state.BestMetric = NumberOrNull(); break;
            case "best_model_checkpoint": state.BestModelCheckpoint = TextOrNull(); break;
            case "is_local_process_zero": state.IsLocalProcessZero = Truth(); break;
            case "is_world_process_zero": state.IsWorldProcessZero = Truth(); break;
            case "is_hyper_param_search": state.IsHyperParamSearch = Truth(); break;
            case "trial_name": state.TrialName = TextOrNull(); break;
            case "trial_params": state.TrialParams = value is null ? null : Map(value); break;
            default: throw new InvalidDataException($"{source}: the key {key} is unknown");
        }

        Number Number() => value is long or double ? PythonValue.ToNumber(value) : throw Wrong("a number");
        Number? NumberOrNull() => value is null ? null : Number();
        long Whole() => value is long whole ? whole : throw Wrong("a whole number");
        string? TextOrNull() => value is null or string ? (string?)value : throw Wrong("text or null");
        bool Truth() => value is bool truth ? truth : throw Wrong("true or false");
        IReadOnlyList<object?> List() => value as IReadOnlyList<object?> ?? throw Wrong("a list of objects");
        IReadOnlyDictionary<string, object?> Map(object? item) => item as IReadOnlyDictionary<string, object?> ?? throw Wrong("objects");
        InvalidDataException Wrong(string expected) => new($"{source}: {key} is {Shortened(value)}, expected {expected}");
    }

    private static string Shortened(object? value)
    {
        var text = PythonJson.Write(value);
        return text.Length <= 80 ? text : text[..80] + "…";
    }
}
