using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Multiplies losses so that gradients do not vanish in float16, with a factor that finds its own size
/// (torch.amp.GradScaler).</summary>
/// <remarks>
/// <para>After an update whose gradients were all finite a count goes up, and at <c>growthInterval</c> the scale grows; gradients that are
/// not finite skip the update and make the scale smaller. Scale and its inverse are single numbers on the device.</para>
/// <example><code>
/// scaler.Scale(loss).Backward();
/// optimizer.Step(maxGradientNorm: 1, scaler.InverseScale);
/// scaler.Update(optimizer.LastStepSkipped);
/// </code></example>
/// </remarks>
public sealed class GradScaler
{
    private readonly double _growthFactor, _backoffFactor;
    private readonly int _growthInterval;
    private readonly Tensor _scale, _inverse;

    /// <summary>A scaler with PyTorch's defaults.</summary>
    /// <param name="initialScale">The first scale.</param>
    /// <param name="growthFactor">What the scale is multiplied with after enough good updates.</param>
    /// <param name="backoffFactor">What it is multiplied with after a bad one.</param>
    /// <param name="growthInterval">How many good updates in a row are enough.</param>
    /// <param name="device">Where the gradients are.</param>
    public GradScaler(
        double initialScale = 65536, double growthFactor = 2, double backoffFactor = 0.5, int growthInterval = 2000, Device device = default)
    {
        if (!(growthFactor > 1)) throw new ArgumentOutOfRangeException(nameof(growthFactor), growthFactor, "growth is above 1");
        if (!(backoffFactor is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(backoffFactor), backoffFactor, "backoff is between 0 and 1");
        ArgumentOutOfRangeException.ThrowIfLessThan(growthInterval, 1);
        (_growthFactor, _backoffFactor, _growthInterval) = (growthFactor, backoffFactor, growthInterval);
        using var outside = TensorPool.Suspend();
        (_scale, _inverse) = (Tensor.Zeros([], DType.Float32, device), Tensor.Zeros([], DType.Float32, device));
        Set((float)initialScale, 0);
    }

    /// <summary>The factor of losses now.</summary>
    public float CurrentScale { get; private set; }

    /// <summary>Good updates since the scale last changed.</summary>
    public int GrowthTracker { get; private set; }

    /// <summary>1 / scale, one number on the device, for <see cref="Optimizer.Step"/>.</summary>
    public Tensor InverseScale => _inverse;

    /// <summary>The loss in float32 times the scale; gradients flow through.</summary>
    public Tensor Scale(Tensor loss) => loss.To(DType.Float32) * _scale;

    /// <summary>Draws the conclusion from an update.</summary>
    /// <param name="foundInf">Whether a gradient was infinite or nan, so that nothing was updated.</param>
    public void Update(bool foundInf)
    {
        if (foundInf)
        {
            Set((float)(CurrentScale * _backoffFactor), 0);
        }
        else if (GrowthTracker + 1 < _growthInterval)
        {
            GrowthTracker++;
        }
        else
        {
            var grown = (float)(CurrentScale * _growthFactor);
            Set(float.IsFinite(grown) ? grown : CurrentScale, 0);
        }
    }

    /// <summary>Goes on from a saved state.</summary>
    public void Load(float scale, int growthTracker) => Set(scale, growthTracker);

    private void Set(float scale, int tracker)
    {
        (CurrentScale, GrowthTracker) = (scale, tracker);
        Backend.For(_scale).Fill(_scale, scale);
        Backend.For(_inverse).Fill(_inverse, (float)(1.0 / scale));
        _scale.MarkChanged();
    }
}
