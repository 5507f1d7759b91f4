using System.Globalization;

namespace NativeTrainer.Tensors;

/// <summary>The kinds of machine that can hold a tensor.</summary>
public enum DeviceType : byte
{
    /// <summary>The processor and its memory.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>Where a tensor's memory is: <c>cpu</c>, <c>cuda:0</c>, ….</summary>
public readonly record struct Device(DeviceType Type, int Index)
{
    /// <summary>The processor.</summary>
    public static Device Cpu => new(DeviceType.Cpu, 0);

    /// <summary>The GPU of a number, counted as CUDA counts them.</summary>
    public static Device Cuda(int index = 0) => new(DeviceType.Cuda, index);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public static Device Parse(string text)
    {
        if (text == "cpu") return Cpu;
        if (text == "cuda") return Cuda();
        if (text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return Cuda(index);
        }
        throw new FormatException($"'{text}' is not a device; expected cpu, cuda or cuda:N");
    }

    /// <inheritdoc/>
    public override string ToString() => Type == DeviceType.Cpu ? "cpu" : $"cuda:{Index}";
}
