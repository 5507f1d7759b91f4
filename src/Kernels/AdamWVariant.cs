namespace NativeTrainer.Kernels;

/// <summary>The orders of operations that AdamW has in three libraries; they differ in the last digits.</summary>
public enum AdamWVariant
{
    /// <summary>torch.optim.AdamW: decay first, epsilon added after the second moment is corrected for its start at 0.</summary>
    Torch,

    /// <summary>transformers.AdamW: epsilon added before that correction, decay last, from the new parameter.</summary>
    Transformers,

    /// <summary>bitsandbytes on CUDA: decay last, epsilon corrected along with the moment.</summary>
    BitsAndBytes,
}
