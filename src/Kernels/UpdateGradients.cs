using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

/// <summary>The gradients of an optimizer's update, and what the kernel does with them on the way.</summary>
/// <param name="Values">Contiguous, as many as there are parameters.</param>
public readonly record struct UpdateGradients(Tensor Values)
{
    /// <summary>
    /// One floating point element that gradients are multiplied with (clipping, unscaling), read on the device; <c>default</c> for 1.
    /// </summary>
    public Tensor Scale { get; init; }

    /// <summary>
    /// One element, read on the device: if it is not 0, parameters and state stay as they are (a gradient was infinite or nan);
    /// <c>default</c> for 0. Gradients are set to 0 all the same if <see cref="Zero"/> says so.
    /// </summary>
    public Tensor Skip { get; init; }

    /// <summary>Set the gradients to 0 in the same pass.</summary>
    public bool Zero { get; init; }
}
