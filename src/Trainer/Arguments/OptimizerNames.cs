namespace NativeTrainer;

/// <summary>The optimizers that <c>optim</c> can name.</summary>
public enum OptimizerNames
{
    /// <summary>AdamW as Transformers once wrote it: the weight decays after the step.</summary>
    AdamwHf,

    /// <summary>AdamW (Loshchilov and Hutter, 2019).</summary>
    AdamwTorch,

    /// <summary>AdamW in one kernel.</summary>
    AdamwTorchFused,

    /// <summary>AdamW for TPUs.</summary>
    AdamwTorchXla,

    /// <summary>AdamW for Ascend processors.</summary>
    AdamwTorchNpuFused,

    /// <summary>AdamW as apex fuses it.</summary>
    AdamwApexFused,

    /// <summary>Adafactor (Shazeer and Stern, 2018).</summary>
    Adafactor,

    /// <summary>AdamW with moments of a chosen precision.</summary>
    AdamwAnyprecision,

    /// <summary>Stochastic gradient descent.</summary>
    Sgd,

    /// <summary>Adagrad (Duchi and others, 2011).</summary>
    Adagrad,

    /// <summary>AdamW with moments of 8 bits.</summary>
    AdamwBnb,

    /// <summary>Another name of the same.</summary>
    Adamw8Bit,

    /// <summary>Lion (Chen and others, 2023) with a moment of 8 bits.</summary>
    Lion8Bit,

    /// <summary>Lion (Chen and others, 2023).</summary>
    Lion,

    /// <summary>AdamW with moments that page to main memory.</summary>
    PagedAdamw,

    /// <summary>The same with moments of 8 bits.</summary>
    PagedAdamw8Bit,

    /// <summary>Lion with a moment that pages to main memory.</summary>
    PagedLion,

    /// <summary>The same with a moment of 8 bits.</summary>
    PagedLion8Bit,

    /// <summary>RMSprop (Tieleman and Hinton, 2012).</summary>
    Rmsprop,

    /// <summary>torchao's name for AdamW with moments of 8 bits (newer than Transformers 4.37).</summary>
    AdamwTorch8Bit,

    /// <summary>AdEMAMix (Pagliardini and others, 2024; newer than Transformers 4.37).</summary>
    AdEMAMix,

    /// <summary>The same with moments of 8 bits.</summary>
    AdEMAMix8Bit,

    /// <summary>Schedule-free AdamW (Defazio and others, 2024; newer than Transformers 4.37).</summary>
    ScheduleFreeAdamW,

    /// <summary>StableAdamW (Wortsman and others, 2023; newer than Transformers 4.37).</summary>
    StableAdamW,

    /// <summary>Muon for weights of two axes (Jordan and others, 2024; newer than Transformers 4.37).</summary>
    Muon,
}
