namespace NativeTrainer.Kernels;

/// <summary>The numbers of one AdamW step.</summary>
public readonly record struct AdamWSettings
{
    /// <summary>PyTorch's and transformers' defaults, at the first step.</summary>
    public AdamWSettings()
    {
    }

    /// <summary>The learning rate of this step.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How much of the first moment stays.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the second moment stays.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Times the learning rate: the part of the parameter that is taken away.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Which step this is, from 1 on.</summary>
    public long Step { get; init; } = 1;

    /// <summary>The order of operations.</summary>
    public AdamWVariant Variant { get; init; }

    /// <summary>False leaves the moments uncorrected, which only transformers.AdamW offers (BERT's original optimizer).</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>Climb instead of descend.</summary>
    public bool Maximize { get; init; }
}
