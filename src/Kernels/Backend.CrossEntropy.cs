using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The loss of each row, −(1 − s) · w[target] · log p[target] − s/classes · Σ w[c] · log p[c] with p the row's softmax, without storing
    /// p. Rows whose target is <paramref name="ignoreIndex"/> have loss and weight 0; any other target that is no class throws. All
    /// contiguous.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">[rows], int64 or int32.</param>
    /// <param name="classWeights">w [classes], or <c>default</c> for 1.</param>
    /// <param name="ignoreIndex">The target of rows that do not count.</param>
    /// <param name="labelSmoothing">s, from 0 to 1.</param>
    /// <param name="losses">[rows]; float32 where the logits are float16 or bfloat16, as all that follows.</param>
    /// <param name="targetWeights">[rows]: w[target], what a mean divides by.</param>
    /// <param name="statistics">[rows, 2], for the backward pass: each row's maximum, and the logarithm of Σ e^(x − maximum).</param>
    public abstract void CrossEntropy(
        Tensor logits, Tensor targets, Tensor classWeights, long ignoreIndex, double labelSmoothing, Tensor losses, Tensor targetWeights,
        Tensor statistics);

    /// <summary>
    /// destination [rows, classes] = the gradient of each row's loss with respect to its logits, times gradient [rows] (any stride);
    /// ignored rows get 0.
    /// </summary>
    public abstract void CrossEntropyBackward(
        Tensor gradient, Tensor logits, Tensor targets, Tensor classWeights, long ignoreIndex, double labelSmoothing, Tensor statistics,
        Tensor destination);
}
