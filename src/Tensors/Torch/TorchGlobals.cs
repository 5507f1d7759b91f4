using System.Text;

namespace NativeTrainer.Tensors;

/// <summary>The names that pickles of PyTorch files may use: tensors, storages, ordered dictionaries, NumPy's arrays of words.</summary>
/// <param name="storage">Gives the storage of a key, of so many elements of a type.</param>
internal sealed class TorchGlobals(Func<string, DType, long, TorchStorage> storage) : IPickleGlobals
{
    private static readonly HashSet<string> _callable =
    [
        "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter", "collections OrderedDict", "_codecs encode",
        "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct", "numpy dtype", "numpy ndarray",
    ];

    /// <summary>The name of PyTorch's storage class for a type; null for types that have none.</summary>
    public static string? StorageName(DType dtype) => dtype switch
    {
        DType.Float32 => "FloatStorage",
        DType.Float64 => "DoubleStorage",
        DType.Float16 => "HalfStorage",
        DType.BFloat16 => "BFloat16Storage",
        DType.Int64 => "LongStorage",
        DType.Int32 => "IntStorage",
        DType.Int16 => "ShortStorage",
        DType.Int8 => "CharStorage",
        DType.UInt8 => "ByteStorage",
        DType.Bool => "BoolStorage",
        _ => null,
    };

    public object Find(string module, string name)
    {
        if (module == "torch")
        {
            foreach (var dtype in Enum.GetValues<DType>())
            {
                if (StorageName(dtype) == name) return dtype;
            }
        }
        var full = $"{module} {name}";
        if (_callable.TryGetValue(full, out var known)) return known;
        throw new FormatException($"the name '{module}.{name}' is refused: it is none of weights' or a checkpoint's");
    }

    public object? Call(object callable, object?[] arguments) => (callable, arguments) switch
    {
        ("torch._utils _rebuild_tensor_v2", [TorchStorage data, long offset, object?[] shape, object?[] strides, ..]) =>
            Rebuild(data, offset, shape, strides),
        ("torch._utils _rebuild_parameter", [TorchTensor tensor, ..]) => tensor,
        ("collections OrderedDict", []) => new OrderedDictionary<object, object?>(),
        ("numpy.core.multiarray _reconstruct" or "numpy._core.multiarray _reconstruct", ["numpy ndarray", ..]) => new NumpyWords(),
        ("numpy dtype", [string kind, ..]) => new NumpyKind(kind),
        ("_codecs encode", [string text, "latin1"]) => Latin1(text),
        _ => throw new FormatException($"unexpected arguments for '{callable}': {Types(arguments)}"),
    };

    public void Build(object target, object? state)
    {
        switch (target, state)
        {
            case (NumpyKind kind, object?[] and [long, string order, ..]):
                if (order == ">") throw new FormatException($"an array of big-endian '{kind.Name}'");
                break;
            case (NumpyWords array, object?[] and [long, object?[] and [long length], NumpyKind { Name: "u4" }, false, byte[] bytes]):
                if (bytes.Length != length * 4) throw new FormatException($"an array of {length} words in {bytes.Length} bytes");
                array.Set(bytes);
                break;
            case (OrderedDictionary<object, object?>, OrderedDictionary<object, object?>):
                break; // attributes of an ordered dictionary, such as the versions in a model's state: nothing reads them
            default:
                throw new FormatException($"unexpected state for {target.GetType().Name}");
        }
    }

    public object? Load(object? identifier) => identifier is object?[] and ["storage", DType dtype, string key, string, long count]
        ? storage(key, dtype, count)
        : throw new FormatException("an identifier is not that of a storage");

    private static TorchTensor Rebuild(TorchStorage data, long offset, object?[] shape, object?[] strides)
    {
        try
        {
            return new TorchTensor(data, Whole(shape), Whole(strides), offset);
        }
        catch (Exception unfit) when (unfit is ArgumentException or OverflowException)
        {
            throw new FormatException(unfit.Message);
        }
    }

    private static long[] Whole(object?[] items) =>
        [.. items.Select(item => item is long number ? number : throw new FormatException("a tensor's sizes are not whole numbers"))];

    private static string Types(object?[] values) => string.Join(", ", values.Select(value => value?.GetType().Name ?? "None"));

    private static byte[] Latin1(string text)
    {
        if (text.AsSpan().ContainsAnyExceptInRange('\0', '\xFF')) throw new FormatException("bytes with a character above 255");
        return Encoding.Latin1.GetBytes(text);
    }

    private sealed record NumpyKind(string Name);
}
