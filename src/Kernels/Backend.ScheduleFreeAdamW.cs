using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One step of schedule-free AdamW over flat buffers (https://arxiv.org/abs/2405.15682), as its authors' code makes it in place: of the
    /// three sequences only y (where gradients are taken) and z (where steps are made) are kept; the average x is where y points away from
    /// z. All tensors contiguous, of one shape.
    /// </summary>
    /// <param name="parameters">y.</param>
    /// <param name="gradients">Gradients at y.</param>
    /// <param name="points">z; the parameters before the first step.</param>
    /// <param name="expAvgSq">The second moment; 0 before the first step.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void ScheduleFreeAdamW(
        Tensor parameters, in UpdateGradients gradients, Tensor points, Tensor expAvgSq, in ScheduleFreeSettings settings);

    /// <summary>values = values + (ends − values) · weight, in place; contiguous, of one shape and dtype.</summary>
    public abstract void Lerp(Tensor values, Tensor ends, double weight);
}
