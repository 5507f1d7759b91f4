using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Parameters laid end to end in one buffer, and their gradients in another: an optimizer step, a norm, an all-reduce is one pass over
/// each.
/// </summary>
/// <remarks>Each parameter becomes a view of <see cref="Values"/> that starts at a multiple of 64 bytes; the gaps are 0 in both buffers and
/// stay 0.</remarks>
public sealed class FlatParameters
{
    private readonly long[] _offsets;

    /// <summary>Moves the parameters, which share one dtype and device, into flat buffers.</summary>
    public FlatParameters(IReadOnlyList<Parameter> parameters)
    {
        Parameters = parameters;
        var dtype = parameters.Count > 0 ? parameters[0].Value.DType : DType.Float32;
        var device = parameters.Count > 0 ? parameters[0].Value.Device : Device.Cpu;
        var step = DeviceMemory.Alignment / dtype.ByteSize;
        _offsets = new long[parameters.Count];
        var length = 0L;
        for (var i = 0; i < parameters.Count; i++)
        {
            var value = parameters[i].Value;
            if (value.DType != dtype || value.Device != device)
            {
                throw new ArgumentException($"flat parameters share dtype and device: {value} stands beside {dtype.TorchName} on {device}", nameof(parameters));
            }
            _offsets[i] = length;
            length += (value.ElementCount + step - 1) / step * step;
        }
        using var outside = TensorPool.Suspend();
        Values = Tensor.Zeros([length], dtype, device);
        Gradients = Tensor.Zeros([length], dtype, device);
        for (var i = 0; i < parameters.Count; i++) parameters[i].MoveTo(View(Values, i), View(Gradients, i));
    }

    /// <summary>The parameters, in the order of the buffers.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All weights, one axis.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, one axis.</summary>
    public Tensor Gradients { get; }

    /// <summary>The part of a buffer of this layout (an optimizer's state, say) that belongs to a parameter, in its shape.</summary>
    public Tensor View(Tensor flat, int parameter)
    {
        if (flat.Rank != 1 || !flat.IsContiguous) throw new ArgumentException($"expected a flat buffer, found {flat}", nameof(flat));
        return flat.WithLayout(Layout.Contiguous(Parameters[parameter].Shape, flat.Layout.Offset + _offsets[parameter]));
    }

    /// <summary>The part of a buffer of this layout that belongs to some parameters that follow each other, gaps included; one axis.</summary>
    public Tensor Slice(Tensor flat, int first, int count)
    {
        if (flat.Rank != 1 || !flat.IsContiguous) throw new ArgumentException($"expected a flat buffer, found {flat}", nameof(flat));
        if (first == 0 && count == Parameters.Count) return flat;
        var begin = _offsets[first];
        var end = first + count < _offsets.Length ? _offsets[first + count] : flat.ElementCount;
        return flat.WithLayout(Layout.Contiguous([end - begin], flat.Layout.Offset + begin));
    }
}
