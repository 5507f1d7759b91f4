namespace NativeTrainer;

/// <summary>The headings under which help lists the arguments of a training.</summary>
public static class ArgumentCategory
{
    /// <summary>Where results go.</summary>
    public const string Output = "output";

    /// <summary>What a script does.</summary>
    public const string Tasks = "tasks";

    /// <summary>Evaluation.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>How much data, and how long.</summary>
    public const string BatchesAndLength = "batches and length";

    /// <summary>Optimizer and regularization.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>The learning rate over time.</summary>
    public const string Schedule = "schedule";

    /// <summary>What is reported.</summary>
    public const string Logging = "logging";

    /// <summary>Checkpoints.</summary>
    public const string Saving = "saving";

    /// <summary>Random numbers.</summary>
    public const string Seeds = "seeds";

    /// <summary>Which processor computes.</summary>
    public const string Device = "device";

    /// <summary>Number formats.</summary>
    public const string Precision = "precision";

    /// <summary>Several processes.</summary>
    public const string Distributed = "distributed";

    /// <summary>From rows to batches.</summary>
    public const string DataLoading = "data loading";

    /// <summary>Hugging Face's Hub.</summary>
    public const string Hub = "hub";

    /// <summary>Finding mistakes.</summary>
    public const string Debug = "debug";

    /// <summary>Recorded steps.</summary>
    public const string Compile = "compile";

    /// <summary>Hyperparameter search.</summary>
    public const string Search = "search";

    /// <summary>Generated sequences.</summary>
    public const string Generation = "generation";
}
