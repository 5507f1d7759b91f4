namespace NativeTrainer.Tensors;

/// <summary>A safetensors file, or the index of several, cannot be read: it is damaged, or holds something else than expected.</summary>
public sealed class SafetensorsException(string file, string? tensor, string problem, Exception? inner = null)
    : IOException(tensor is null ? $"{file}: {problem}" : $"{file}: tensor '{tensor}' {problem}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The tensor, where one is to blame.</summary>
    public string? Tensor { get; } = tensor;
}
