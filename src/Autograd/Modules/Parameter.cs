using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A tensor that belongs to a <see cref="Module"/> and is trained. Stands for its tensor in every operation.</summary>
/// <remarks>Modules that share weights (tied embeddings) hold the same parameter object.</remarks>
public sealed class Parameter
{
    /// <summary>Takes over a tensor, which from now on outlives every scope.</summary>
    public Parameter(Tensor value, bool requiresGrad = true)
    {
        Value = value.Keep().WithGrad(requiresGrad);
    }

    /// <summary>The current weights.</summary>
    public Tensor Value { get; private set; }

    /// <summary>What backward passes have added up; null before the first.</summary>
    public Tensor? Grad => Value.RequiresGrad ? Value.Grad : null;

    /// <summary>
    /// Whether a backward pass has come to it since the last update or <c>ZeroGrad</c>. An optimizer leaves a parameter without gradient as
    /// it is, no decay either, as torch does; who writes gradients by hand says so here.
    /// </summary>
    public bool HasGradient
    {
        get => Value.GradientNode is LeafGradient { HasArrived: true };
        set
        {
            if (Value.GradientNode is LeafGradient leaf) leaf.HasArrived = value;
        }
    }

    /// <summary>Whether it is trained.</summary>
    public bool RequiresGrad
    {
        get => Value.RequiresGrad;
        set => Value.WithGrad(value);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>How many elements.</summary>
    public long ElementCount => Value.ElementCount;

    /// <summary>The parameter's tensor.</summary>
    public static implicit operator Tensor(Parameter parameter) => parameter.Value;

    /// <summary>Overwrites the weights, converting the dtype; the shape must be the same.</summary>
    public void CopyFrom(Tensor source)
    {
        if (source.Shape != Shape) throw new ArgumentException($"a parameter of shape {Shape} cannot take {source}");
        Backend.For(Value).Copy(source, Value);
        Value.MarkChanged();
    }

    /// <summary>Moves the weights to another dtype or device; gradients are dropped.</summary>
    public void To(DType dtype, Device device)
    {
        if (Value.DType == dtype && Value.Device == device) return;
        if (Value.Device != device) throw new NotSupportedException($"a parameter on {Value.Device} cannot move to {device} in this build");
        using var outside = TensorPool.Suspend();
        MoveTo(Tensor.Empty(Shape, dtype, device), default);
    }

    /// <summary>Takes another tensor for the weights, as it is.</summary>
    internal void Exchange(Tensor value) => Value = value;

    /// <summary>Makes the parameter a view of somebody else's memory (<see cref="FlatParameters"/>), weights copied along.</summary>
    internal void MoveTo(Tensor value, Tensor gradient)
    {
        var wanted = RequiresGrad;
        Backend.For(value).Copy(Value, value);
        Value = value.WithGrad(wanted);
        if (wanted && gradient.IsAlive) Value.SetGrad(gradient);
    }
}
