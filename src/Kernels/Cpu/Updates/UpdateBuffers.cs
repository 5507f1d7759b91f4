using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>The memory that an update works on: parameters, gradients and up to three states of as many elements.</summary>
internal readonly unsafe struct UpdateBuffers
{
    /// <summary>Buffers and the numbers that come from the device; states may be <c>default</c>.</summary>
    public UpdateBuffers(Tensor parameters, in UpdateGradients gradients, Tensor a = default, Tensor b = default, Tensor c = default)
    {
        Count = (nint)parameters.ElementCount;
        (Parameters, Gradients) = (new UpdateBuffer(parameters), new UpdateBuffer(gradients.Values));
        (A, B, C) = (UpdateBuffer.Of(a), UpdateBuffer.Of(b), UpdateBuffer.Of(c));
        ZeroGradients = gradients.Zero;
        Scale = gradients.Scale.IsAlive ? Number(gradients.Scale) : 1;
        IsSkipped = gradients.Skip.IsAlive && Number(gradients.Skip) != 0;
    }

    /// <summary>Elements.</summary>
    public nint Count { get; }

    /// <summary>What is trained.</summary>
    public UpdateBuffer Parameters { get; }

    /// <summary>Their gradients.</summary>
    public UpdateBuffer Gradients { get; }

    /// <summary>The first state.</summary>
    public UpdateBuffer A { get; }

    /// <summary>The second state.</summary>
    public UpdateBuffer B { get; }

    /// <summary>The third state.</summary>
    public UpdateBuffer C { get; }

    /// <summary>What gradients are multiplied with.</summary>
    public double Scale { get; }

    /// <summary>Whether parameters and states stay as they are.</summary>
    public bool IsSkipped { get; }

    /// <summary>Whether gradients are set to 0.</summary>
    public bool ZeroGradients { get; }

    /// <summary>Whether every buffer holds elements of one dtype, which needs no conversion.</summary>
    public bool AreAll(DType dtype) => Parameters.DType == dtype && Gradients.DType == dtype && A.Is(dtype) && B.Is(dtype) && C.Is(dtype);

    /// <summary>One element of any dtype.</summary>
    public static double Number(Tensor scalar)
    {
        double value;
        Conversion.Load(scalar.DType, (void*)scalar.Address, &value, 1);
        return value;
    }
}

/// <summary>One buffer of an update.</summary>
internal readonly unsafe struct UpdateBuffer(Tensor tensor)
{
    /// <summary>The first element; 0 where there is no such buffer.</summary>
    public nint Address { get; } = tensor.Address;

    /// <summary>The type of its elements.</summary>
    public DType DType { get; } = tensor.DType;

    private int ByteSize { get; } = tensor.DType.ByteSize;

    /// <summary>A buffer, or none for <c>default</c>.</summary>
    public static UpdateBuffer Of(Tensor tensor) => tensor.IsAlive ? new UpdateBuffer(tensor) : default;

    /// <summary>Whether it is absent or of a dtype.</summary>
    public bool Is(DType dtype) => Address == 0 || DType == dtype;

    /// <summary>The address of an element.</summary>
    public void* At(nint element) => (void*)(Address + (element * ByteSize));
}
