using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>The running sum of losses, on the device, in float32, emptied at each log: what Transformers calls <c>tr_loss</c>.</summary>
public sealed class LossTracker(bool filterNanInf, Device device)
{
    private readonly Tensor _sum = Zero(device);
    private double _logged;
    private int _lastLoggedStep;

    /// <summary>The global step of the last log; losses are averaged over the steps since.</summary>
    public int LastLoggedStep => _lastLoggedStep;

    /// <summary>Starts counting at a step (not 0 when a training is resumed).</summary>
    public void StartAt(int globalStep) => _lastLoggedStep = globalStep;

    /// <summary>Everything that a checkpoint needs to go on with.</summary>
    internal LossState Capture() => new(_sum.Item<float>(), _logged, _lastLoggedStep);

    /// <summary>Goes on from a checkpoint.</summary>
    internal void Restore(LossState state)
    {
        Backend.For(_sum).Fill(_sum, state.Sum);
        (_logged, _lastLoggedStep) = (state.Logged, state.LastLoggedStep);
    }

    /// <summary>Adds the loss of a batch, already divided by the accumulation steps.</summary>
    /// <remarks>With <c>logging_nan_inf_filter</c> a nan or infinite loss is replaced by the average since the last log.</remarks>
    public void Add(Tensor loss, int globalStep)
    {
        if (filterNanInf && !double.IsFinite(Numbers.Scalar(loss)))
        {
            var sum = _sum.Item<float>();
            Backend.For(_sum).Fill(_sum, sum + (sum / (1 + globalStep - _lastLoggedStep)));
            return;
        }
        Backend.For(_sum).Add(_sum, Numbers.AsFloat32(loss), _sum);
    }

    /// <summary>The average since the last log; the sum is emptied (by subtracting itself: one
    /// unfiltered nan stays, as in Transformers).</summary>
    public double TakeAverage(int globalStep)
    {
        var sum = _sum.Item<float>();
        Backend.For(_sum).Fill(_sum, sum - sum);
        _logged += sum;
        var average = sum / (double)(globalStep - _lastLoggedStep);
        _lastLoggedStep = globalStep;
        return average;
    }

    /// <summary>The loss of the whole training per global step.</summary>
    public double TotalPerStep(int globalStep) => (_logged + _sum.Item<float>()) / globalStep;

    private static Tensor Zero(Device device)
    {
        using var outside = TensorPool.Suspend();
        return Tensor.Zeros([], DType.Float32, device);
    }
}

/// <summary>A <see cref="LossTracker"/> as a value.</summary>
/// <param name="Sum">Since the last log.</param>
/// <param name="Logged">Before it.</param>
/// <param name="LastLoggedStep">The global step of the last log.</param>
internal readonly record struct LossState(float Sum, double Logged, int LastLoggedStep);
