namespace NativeTrainer.Tensors;

/// <summary>The names of dtypes in safetensors files.</summary>
internal static class SafetensorsDType
{
    // In the order in which the Rust library writes tensors: the widest first, so that all are aligned.
    private static readonly (DType DType, string Name)[] _names =
    [
        (DType.Int64, "I64"), (DType.Float64, "F64"),
        (DType.Float32, "F32"), (DType.Int32, "I32"),
        (DType.BFloat16, "BF16"), (DType.Float16, "F16"), (DType.Int16, "I16"),
        (DType.Float8E4M3, "F8_E4M3"), (DType.Float8E5M2, "F8_E5M2"), (DType.Int8, "I8"), (DType.UInt8, "U8"), (DType.Bool, "BOOL"),
    ];

    /// <summary>All names, for errors.</summary>
    public static string All => string.Join(", ", _names.Select(pair => pair.Name));

    /// <summary>The name of a dtype.</summary>
    public static string Name(DType dtype) => _names[Order(dtype)].Name;

    /// <summary>Which come first in a file.</summary>
    public static int Order(DType dtype) => Array.FindIndex(_names, pair => pair.DType == dtype);

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string name, out DType dtype)
    {
        var place = Array.FindIndex(_names, pair => pair.Name == name);
        dtype = place < 0 ? default : _names[place].DType;
        return place >= 0;
    }
}
