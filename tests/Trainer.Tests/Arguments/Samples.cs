namespace NativeTrainer.Tests.Arguments;

/// <summary>Values of a field other than its default.</summary>
internal static class Samples
{
    public static IReadOnlyList<object?> Other(ArgumentField field) => field.Name switch
    {
        "debug" => ["underflow_overflow"],
        "fsdp" => ["full_shard"],
        "fsdp_config" => [new Dictionary<string, object?> { ["min_num_params"] = 5L }],
        "lr_scheduler_kwargs" => [new Dictionary<string, object?> { ["num_cycles"] = 2L }],
        "gradient_checkpointing_kwargs" => [new Dictionary<string, object?> { ["use_reentrant"] = true }],
        "report_to" => [new List<object?> { "wandb" }],
        "label_names" => [new List<object?> { "labels" }],
        "warmup_ratio" => [0.25],
        _ when field.Choices is { } choices => [.. choices.Where(c => !c.Equals(field.Default))],
        _ when field.Default is bool truth => [!truth],
        _ when field.Default is long whole => [whole + 1],
        _ when field.Default is double real => [real + 1],
        _ when field.Expected.StartsWith("true or false", StringComparison.Ordinal) => [true, false],
        _ when field.Expected.StartsWith("a whole number", StringComparison.Ordinal) => [3L],
        _ when field.Expected.StartsWith("a number", StringComparison.Ordinal) => [0.5],
        _ => ["something"],
    };
}
