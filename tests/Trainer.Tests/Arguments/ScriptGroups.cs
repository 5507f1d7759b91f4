namespace NativeTrainer.Tests.Arguments;

/// <summary>The stand-ins of the goldens for a script's own two groups; also what a group outside the library looks like.</summary>
internal sealed class ModelArguments : IArgumentGroup
{
    private static readonly ArgumentTable<ModelArguments> Table = new(new())
    {
        { "model_name_or_path", "model", a => a.ModelNameOrPath, (a, v) => a.ModelNameOrPath = v, "Folder of the model." },
        { "model_type", "model", a => a.ModelType, (a, v) => a.ModelType = v, "Architecture of a new model." },
        { "config_overrides", "model", a => a.ConfigOverrides, (a, v) => a.ConfigOverrides = v, "Settings of a new model." },
        { "use_fast_tokenizer", "model", a => a.UseFastTokenizer, (a, v) => a.UseFastTokenizer = v, "Use the fast tokenizer." },
        { "torch_dtype", "model", a => a.TorchDtype, (a, v) => a.TorchDtype = v,
          "Type of the weights.", ["auto", "bfloat16", "float16", "float32"] },
        { "low_cpu_mem_usage", "model", a => a.LowCpuMemUsage, (a, v) => a.LowCpuMemUsage = v, "Load with less memory." },
    };

    public string? ModelNameOrPath { get; set; }

    public string? ModelType { get; set; }

    public string? ConfigOverrides { get; set; }

    public bool UseFastTokenizer { get; set; } = true;

    public string? TorchDtype { get; set; }

    public bool LowCpuMemUsage { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    public void Complete()
    {
        if (ConfigOverrides is null || ModelNameOrPath is null) return;
        throw new InvalidArgumentException("config_overrides", "is set, expected no model_name_or_path with it");
    }
}

internal sealed class DataArguments : IArgumentGroup
{
    private static readonly ArgumentTable<DataArguments> Table = new(new())
    {
        { "train_file", "data", a => a.TrainFile, (a, v) => a.TrainFile = v, "File to train on." },
        { "validation_file", "data", a => a.ValidationFile, (a, v) => a.ValidationFile = v, "File to evaluate on." },
        { "block_size", "data", a => a.BlockSize, (a, v) => a.BlockSize = v, "Tokens in a row." },
        { "validation_split_percentage", "data", a => a.ValidationSplitPercentage, (a, v) => a.ValidationSplitPercentage = v,
          "Share to evaluate on." },
        { "keep_linebreaks", "data", a => a.KeepLinebreaks, (a, v) => a.KeepLinebreaks = v, "Keep the ends of lines." },
    };

    public string? TrainFile { get; set; }

    public string? ValidationFile { get; set; }

    public int? BlockSize { get; set; }

    public int? ValidationSplitPercentage { get; set; } = 5;

    public bool KeepLinebreaks { get; set; } = true;

    public IReadOnlyList<ArgumentField> Fields => Table;

    public void Complete()
    {
    }
}
