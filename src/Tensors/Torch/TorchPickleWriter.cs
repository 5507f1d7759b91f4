using System.Globalization;
using System.Text;

namespace NativeTrainer.Tensors;

/// <summary>Writes the pickle of a PyTorch file; the storages of its tensors are collected, in the order of their first use.</summary>
internal sealed class TorchPickleWriter : PickleWriter
{
    private readonly Dictionary<TorchStorage, string> _keys = new(ReferenceEqualityComparer.Instance);

    /// <summary>The storages; the place in the list is the key.</summary>
    public List<TorchStorage> Storages { get; } = [];

    protected override int? TryWrite(object value) => value switch
    {
        TorchTensor tensor => Tensor(tensor),
        NumpyWords array => Array(array),
        _ => null,
    };

    private int Tensor(TorchTensor tensor) => Call("torch._utils", "_rebuild_tensor_v2", 6, () =>
    {
        var storage = tensor.Storage;
        if (!_keys.TryGetValue(storage, out var key))
        {
            _keys[storage] = key = Storages.Count.ToString(CultureInfo.InvariantCulture);
            Storages.Add(storage);
        }
        var name = TorchGlobals.StorageName(tensor.DType)
            ?? throw new NotSupportedException($"a PyTorch file cannot hold {tensor.DType.TorchName}");
        Tuple(5, () =>
        {
            Write("storage");
            Global("torch", name);
            Write(key);
            Write("cpu");
            Write(storage.ByteLength / storage.DType.ByteSize);
        });
        Emit(PickleOpcode.BinPersId);
        Write(tensor.Layout.Offset);
        Sizes(tensor.Shape.Sizes.ToArray());
        Sizes(tensor.Layout.Strides.ToArray());
        Write(false);
        Call("collections", "OrderedDict", 0, () => { });
    });

    private void Sizes(long[] sizes) => Tuple(sizes.Length, () =>
    {
        foreach (var size in sizes) Write(size);
    });

    // NumPy makes an empty array and then gives it its state.
    private int Array(NumpyWords array)
    {
        var place = Call("numpy.core.multiarray", "_reconstruct", 3, () =>
        {
            Global("numpy", "ndarray");
            Sizes([0]);
            Encoded("b");
        });
        Tuple(5, () =>
        {
            Write(1);
            Sizes([array.Values.Length]);
            Call("numpy", "dtype", 3, () =>
            {
                Write("u4");
                Write(false);
                Write(true);
            });
            Write((object?[])[3L, "<", null, null, null, -1L, -1L, 0L]);
            Emit(PickleOpcode.Build);
            Write(false);
            Encoded(Encoding.Latin1.GetString(array.ToBytes()));
        });
        Emit(PickleOpcode.Build);
        return place;
    }

    // Protocol 2 has no bytes.
    private void Encoded(string latin1) => Call("_codecs", "encode", 2, () =>
    {
        Write(latin1);
        Write("latin1");
    });
}
