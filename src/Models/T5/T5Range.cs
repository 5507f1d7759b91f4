using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Keeps a float16 stream finite: T5's layers were learned in bfloat16, whose range is larger.</summary>
internal static class T5Range
{
    // As Hugging Face: a thousand below the largest float16.
    private const double Highest = 65504 - 1000;

    /// <summary>The stream, and where it is float16 with an infinite element, cut off on both sides.</summary>
    public static Tensor Held(Tensor hidden)
    {
        if (hidden.DType != DType.Float16) return hidden;
        foreach (var value in hidden.AsSpan<Half>())
        {
            if (Half.IsInfinity(value)) return hidden.Clamp(-Highest, Highest);
        }
        return hidden;
    }
}
