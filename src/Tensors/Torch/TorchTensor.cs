using System.Runtime.InteropServices;

namespace NativeTrainer.Tensors;

/// <summary>A tensor of a PyTorch file: a strided view of a storage, whose bytes are read when they are asked for.</summary>
public sealed class TorchTensor
{
    /// <summary>A view; sizes, steps and offset count elements.</summary>
    /// <exception cref="ArgumentException">The view leaves its storage, or has more axes than a
    /// <see cref="NativeTrainer.Tensors.Shape"/> can.</exception>
    public TorchTensor(TorchStorage storage, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long offset = 0)
    {
        if (shape.Length != strides.Length) throw new ArgumentException($"a tensor of {shape.Length} axes has {strides.Length} strides");
        var (last, empty) = (offset, false);
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] < 0 || strides[i] < 0)
            {
                throw new ArgumentException($"axis {i} has size {shape[i]} and stride {strides[i]}; both are 0 or more");
            }
            empty |= shape[i] == 0;
            last = checked(last + (Math.Max(shape[i] - 1, 0) * strides[i]));
        }
        var count = storage.ByteLength / storage.DType.ByteSize;
        if (offset < 0 || (!empty && last >= count))
        {
            throw new ArgumentException($"a tensor reaches to element {last} of a storage of {count}");
        }
        (Storage, Layout) = (storage, Layout.Strided(new Shape(shape), strides, offset));
    }

    /// <summary>Where the bytes are.</summary>
    public TorchStorage Storage { get; }

    /// <summary>Sizes, steps and offset in the storage, in elements.</summary>
    public Layout Layout { get; }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape => Layout.Shape;

    /// <summary>The elements' type.</summary>
    public DType DType => Storage.DType;

    /// <summary>The elements of a contiguous tensor in the processor's memory, to be written: they are not
    /// copied, so they must stay until then.</summary>
    public static TorchTensor From(Tensor tensor)
    {
        if (tensor.Device.Type != DeviceType.Cpu || !tensor.IsContiguous)
        {
            throw new ArgumentException($"{tensor} is written from the cpu, contiguous");
        }
        return Contiguous(new TensorStorage(tensor), tensor.Shape);
    }

    /// <summary>A copy of values in row-major order.</summary>
    public static TorchTensor From<T>(ReadOnlySpan<T> values, Shape shape)
        where T : unmanaged
    {
        if (values.Length != shape.ElementCount)
        {
            throw new ArgumentException($"shape {shape} needs {shape.ElementCount} values, found {values.Length}");
        }
        return Contiguous(new ArrayStorage(MemoryMarshal.AsBytes(values).ToArray(), DTypeExtensions.Of<T>()), shape);
    }

    /// <summary>A tensor without axes, such as the count of steps in an optimizer's state.</summary>
    public static TorchTensor Scalar<T>(T value)
        where T : unmanaged => From(new ReadOnlySpan<T>(in value), []);

    /// <summary>The elements as a new contiguous tensor.</summary>
    public Tensor ToTensor()
    {
        var tensor = Tensor.Empty(Shape, DType);
        CopyTo(tensor);
        return tensor;
    }

    /// <summary>Reads the elements into a contiguous tensor of the same shape and type in the processor's memory.</summary>
    /// <exception cref="ArgumentException">Another shape or type, another device, or not contiguous.</exception>
    /// <exception cref="TorchFileException">The file is damaged.</exception>
    public void CopyTo(Tensor destination)
    {
        if (destination.Shape != Shape || destination.DType != DType)
        {
            throw new ArgumentException($"expected {destination.DType.TorchName} {destination.Shape}, found {DType.TorchName} {Shape}");
        }
        if (destination.Device.Type != DeviceType.Cpu || !destination.IsContiguous)
        {
            throw new ArgumentException($"{destination} is read on the cpu, contiguous");
        }
        if (Layout.IsContiguous)
        {
            Storage.Read(Layout.Offset * DType.ByteSize, destination.Address, destination.ElementCount * DType.ByteSize);
        }
        else
        {
            var whole = Tensor.Empty([Storage.ByteLength], DType.UInt8);
            Storage.Read(0, whole.Address, Storage.ByteLength);
            Gather(whole.Address, destination.Address);
            GC.KeepAlive(whole.Storage);
        }
        GC.KeepAlive(destination.Storage);
        destination.MarkChanged();
    }

    /// <summary>The elements in row-major order.</summary>
    public T[] ToArray<T>()
        where T : unmanaged => ToTensor().ToArray<T>();

    private static TorchTensor Contiguous(TorchStorage storage, Shape shape) => new(storage, shape.Sizes, Layout.Contiguous(shape).Strides);

    // Strided tensors are rare in files: element by element will do.
    private unsafe void Gather(nint source, nint destination)
    {
        var size = DType.ByteSize;
        Span<long> index = stackalloc long[Shape.MaxRank];
        var place = Layout.Offset;
        for (var i = 0L; i < Shape.ElementCount; i++)
        {
            NativeMemory.Copy((void*)(source + (nint)(place * size)), (void*)(destination + (nint)(i * size)), (nuint)size);
            for (var axis = Shape.Rank - 1; axis >= 0; axis--)
            {
                place += Layout.Stride(axis);
                if (++index[axis] < Shape[axis]) break;
                place -= Layout.Stride(axis) * index[axis];
                index[axis] = 0;
            }
        }
    }
}
