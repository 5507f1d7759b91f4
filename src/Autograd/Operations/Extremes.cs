using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>What maxima and minima share.</summary>
internal static class Extremes
{
    /// <summary>A scalar as a vector of one; other tensors as they are.</summary>
    public static Tensor AtLeastVector(Tensor tensor) => tensor.Rank > 0 ? tensor : tensor.WithLayout(tensor.Layout.Unsqueeze(0));
}

/// <summary>The gradient of a maximum or minimum over several axes, shared by all elements that equal it.</summary>
internal sealed class ExtremeBackward : Node
{
    protected internal override void Backward()
    {
        Tensor input = Saved(0), values = Saved(1);
        var backend = Backend.For(input);
        var isExtreme = Result.Like(input);
        backend.Compare(Comparison.Equal, input, Broadcast.To(values, input.Shape), isExtreme);
        var count = Result.Like(values);
        backend.Sum(isExtreme, count);
        var share = Views.Reshape(Gradient, values.Shape) / count;
        Give(0, isExtreme * share);
    }
}

/// <summary>The gradient of a maximum or minimum along one axis, for the first element that equals it.</summary>
internal sealed class ExtremeAlongBackward : Node
{
    public Shape Input;
    public int Axis;

    protected internal override void Backward()
    {
        var indices = Saved(0);
        var gradient = Tensor.Zeros(Input, Gradient.DType, Gradient.Device);
        Backend.For(gradient).ScatterAdd(Extremes.AtLeastVector(gradient), Axis, indices, Views.Reshape(Gradient, indices.Shape));
        Give(0, gradient);
    }
}
