using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// What an update multiplies gradients with, and whether it is made: from the squared norm of gradients that carry a loss scale.
    /// norm = √squares · inverseScale; scale = inverseScale · min(1, maxNorm / (norm + 1e-6)), without the minimum where maxNorm is 0;
    /// skip = 1 where squares is infinite or nan, else 0. The numbers stay on the device.
    /// </summary>
    /// <param name="squares">One float64 element, see <see cref="SquaredNorm"/>.</param>
    /// <param name="inverseScale">One element, 1 / loss scale.</param>
    /// <param name="maxNorm">What the norm is clipped to; 0 for no clipping.</param>
    /// <param name="norm">One element: the norm of the unscaled gradients.</param>
    /// <param name="scale">One element.</param>
    /// <param name="skip">One element.</param>
    public abstract void UpdateScale(Tensor squares, Tensor inverseScale, double maxNorm, Tensor norm, Tensor scale, Tensor skip);
}
