using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

/// <summary>What a machine does: one method for each kernel, its result written into a tensor that the caller made.</summary>
/// <remarks>
/// <para>The contract of all kernels, one file for each operation (<c>Backend.X.cs</c>). The caller has checked shapes, dtypes and devices; a kernel invents
/// none and allocates no result. Unless a method says otherwise: inputs may have any layout, broadcast inputs come expanded (stride 0) to the result's shape,
/// the result has the inputs' dtype and no overlapping elements, and where it is one of the inputs the kernel works in place.</para>
/// <para>float32 and float64 compute in their own precision, float16 and bfloat16 in float32.</para>
/// </remarks>
public abstract partial class Backend
{
    /// <summary>The engine of a device; throws where this process has none for it.</summary>
    public static Backend For(Device device) => device.Type == DeviceType.Cpu
        ? Cpu.CpuBackend.Instance
        : throw new NotSupportedException($"device {device}: this build computes on the cpu only");

    /// <summary>The engine of the device that holds a tensor.</summary>
    public static Backend For(Tensor tensor) => For(tensor.Device);
}
