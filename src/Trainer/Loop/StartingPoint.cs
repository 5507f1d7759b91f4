using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>Where a training begins: weights and random numbers, so that it can begin again with smaller batches
/// (<c>auto_find_batch_size</c>) as if it had never begun.</summary>
internal sealed class StartingPoint
{
    private readonly PreTrainedModel _model;
    private readonly List<Tensor> _weights = [];
    private readonly byte[] _generator = TorchGenerator.Default.GetState();
    private readonly RandomSnapshot _philox = RandomState.Current.Capture();

    /// <summary>Copies the weights.</summary>
    public StartingPoint(PreTrainedModel model)
    {
        _model = model;
        using var outside = TensorPool.Suspend();
        foreach (var parameter in model.Parameters())
        {
            var copy = Tensor.Empty(parameter.Shape, parameter.Value.DType, parameter.Value.Device);
            Backend.For(copy).Copy(parameter.Value, copy);
            _weights.Add(copy);
        }
    }

    /// <summary>Goes back.</summary>
    public void Restore()
    {
        foreach (var (parameter, weights) in _model.Parameters().Zip(_weights)) parameter.CopyFrom(weights);
        TorchGenerator.Default.SetState(_generator);
        RandomState.Current.Restore(_philox);
    }
}
