using NativeTrainer.Kernels;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary><c>average_tokens_across_devices</c>: the loss of an accumulated step is divided by the labels of all its batches
/// together.</summary>
/// <remarks>The count is known at the end of a step only. Until then losses and gradients carry the first batch's labels times the number of
/// batches as their divisor, which keeps them of ordinary size; the update puts that right.</remarks>
internal sealed class TokenAverage(int accumulation, Device device)
{
    private readonly Tensor _factor = Zero(device);
    private double _tokens, _divisor, _loss;

    /// <summary>What a batch's mean loss is multiplied with; 0 where the batch has no labels, so that it needs no backward pass.</summary>
    public double Weight(TargetTokens batch)
    {
        if (_divisor == 0 && batch.All > 0) _divisor = (double)batch.All * accumulation;
        _tokens += batch.All;
        return batch.Predicted == 0 ? 0 : batch.Predicted / _divisor;
    }

    /// <summary>Adds the weighed loss of a batch.</summary>
    public void Add(Tensor loss) => _loss += Numbers.Scalar(loss);

    /// <summary>Brings the gradients to the divisor of the whole step.</summary>
    /// <returns>The step's loss.</returns>
    public Tensor Finish(Optimizer optimizer)
    {
        var factor = _tokens > 0 ? _divisor / _tokens : 1;
        if (factor != 1)
        {
            foreach (var group in optimizer.Groups)
            {
                var gradients = group.Flat.Gradients;
                if (gradients.ElementCount == 0) continue;
                Backend.For(_factor).Fill(_factor, factor);
                Backend.For(gradients).Scale(gradients, gradients.DType == DType.Float32 ? _factor : Converted(gradients.DType));
            }
        }
        var loss = Tensor.Scalar((float)(_loss * factor));
        (_tokens, _divisor, _loss) = (0, 0, 0);
        return loss;
    }

    /// <summary>Everything that a checkpoint in the middle of a step needs.</summary>
    public (double Tokens, double Divisor, double Loss) State
    {
        get => (_tokens, _divisor, _loss);
        set => (_tokens, _divisor, _loss) = value;
    }

    private Tensor Converted(DType dtype)
    {
        var converted = Tensor.Empty([], dtype, _factor.Device);
        Backend.For(converted).Copy(_factor, converted);
        return converted;
    }

    private static Tensor Zero(Device device)
    {
        using var outside = TensorPool.Suspend();
        return Tensor.Zeros([], DType.Float32, device);
    }
}
