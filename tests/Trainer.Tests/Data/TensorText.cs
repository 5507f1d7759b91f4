using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Data;

/// <summary>A tensor of one or two dimensions as JSON.</summary>
internal static class TensorText
{
    public static string Of(Tensor tensor)
    {
        object?[] values = tensor.DType switch
        {
            DType.Int64 => [.. tensor.ToArray<long>()],
            DType.Bool => [.. tensor.ToArray<bool>()],
            _ => [.. tensor.ToArray<float>().Select(value => (object?)(double)value)],
        };
        return PythonJson.Write(tensor.Rank == 1 ? values : values.Chunk((int)tensor.Size(1)).Select(line => (object?)line).ToList());
    }
}
