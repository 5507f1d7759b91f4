using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeTrainer.Tensors;

// Making tensors and moving their bytes; nothing here computes.
public readonly unsafe partial struct Tensor
{
    /// <summary>A contiguous tensor whose content is whatever was there.</summary>
    public static Tensor Empty(Shape shape, DType dtype = DType.Float32, Device device = default) =>
        View(Storage.Allocate(shape.ElementCount * dtype.ByteSize, device), dtype, Layout.Contiguous(shape));

    /// <summary>A contiguous tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32, Device device = default)
    {
        var tensor = Empty(shape, dtype, device);
        DeviceMemory.Of(device).Clear(tensor.Address, shape.ElementCount * dtype.ByteSize, device);
        return tensor;
    }

    /// <summary>A contiguous copy of values in row-major order.</summary>
    /// <exception cref="ArgumentException">There are more or fewer values than the shape has places.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, Shape shape, Device device = default)
        where T : unmanaged
    {
        if (values.Length != shape.ElementCount)
        {
            throw new ArgumentException($"shape {shape} needs {shape.ElementCount} values, found {values.Length}", nameof(values));
        }
        var tensor = Empty(shape, DTypeExtensions.Of<T>(), device);
        tensor.CopyFrom(values);
        return tensor;
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, Shape, Device)"/>
    public static Tensor From<T>(T[] values, Shape shape, Device device = default)
        where T : unmanaged => From((ReadOnlySpan<T>)values, shape, device);

    /// <summary>A scalar.</summary>
    public static Tensor Scalar<T>(T value, Device device = default)
        where T : unmanaged => From(new ReadOnlySpan<T>(in value), [], device);

    /// <summary>A tensor over memory that somebody else owns; see <see cref="Storage.Wrap"/>.</summary>
    public static Tensor Wrap(nint pointer, Shape shape, DType dtype, Device device, object owner) =>
        View(Storage.Wrap(pointer, shape.ElementCount * dtype.ByteSize, device, owner), dtype, Layout.Contiguous(shape));

    /// <summary>Overwrites a contiguous tensor with values in row-major order, and counts the change.</summary>
    public void CopyFrom<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Expect<T>(values.Length);
        fixed (T* source = values) DeviceMemory.Of(Device).CopyFromHost((nint)source, Address, (long)values.Length * sizeof(T), Device);
        MarkChanged();
    }

    /// <summary>The elements of a contiguous tensor in the processor's memory. A write should be followed by <see cref="MarkChanged"/>.</summary>
    /// <exception cref="InvalidOperationException">Another element type, not contiguous, on another device, or longer than a span can be.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (Device.Type != DeviceType.Cpu) throw new InvalidOperationException($"a tensor on {Device} has no span; copy it to the cpu");
        Expect<T>(ElementCount);
        if (ElementCount > int.MaxValue) throw new InvalidOperationException($"{this} is longer than a span can be");
        return new Span<T>((void*)Address, (int)ElementCount);
    }

    /// <summary>A copy of the elements in row-major order, from any layout and device.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        var values = new T[ElementCount];
        CopyTo<T>(values);
        return values;
    }

    /// <summary>Copies the elements in row-major order, from any layout and device.</summary>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        ExpectType<T>();
        if (destination.Length != ElementCount) throw new ArgumentException($"{this} needs room for {ElementCount} values, found {destination.Length}");
        if (destination.IsEmpty) return;
        if (IsContiguous)
        {
            fixed (T* target = destination) DeviceMemory.Of(Device).CopyToHost(Address, (nint)target, (long)destination.Length * sizeof(T), Device);
            return;
        }
        if (Device.Type != DeviceType.Cpu) throw new InvalidOperationException($"a strided tensor on {Device} is made contiguous before it is copied");
        ref readonly var layout = ref Layout;
        Span<long> index = stackalloc long[Shape.MaxRank];
        var source = (T*)Storage.Pointer;
        var place = layout.Offset;
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = source[place];
            for (var axis = layout.Shape.Rank - 1; axis >= 0; axis--)
            {
                place += layout.Stride(axis);
                if (++index[axis] < layout.Shape[axis]) break;
                place -= layout.Stride(axis) * index[axis];
                index[axis] = 0;
            }
        }
    }

    /// <summary>The only element of a tensor that has one.</summary>
    public T Item<T>()
        where T : unmanaged
    {
        if (ElementCount != 1) throw new InvalidOperationException($"{this} has {ElementCount} elements, Item() needs exactly one");
        Unsafe.SkipInit(out T value);
        CopyTo(MemoryMarshal.CreateSpan(ref value, 1));
        return value;
    }

    private void ExpectType<T>()
        where T : unmanaged
    {
        // Float8 travels as bytes.
        var asked = DTypeExtensions.Of<T>();
        if (asked != DType && !(asked == DType.UInt8 && DType.ByteSize == 1))
        {
            throw new InvalidOperationException($"{this} was asked for elements of {asked.TorchName}");
        }
    }

    private void Expect<T>(long count)
        where T : unmanaged
    {
        ExpectType<T>();
        if (!IsContiguous) throw new InvalidOperationException($"a tensor with layout {Layout} is not contiguous");
        if (count != ElementCount) throw new ArgumentException($"{this} has {ElementCount} elements, found {count}");
    }
}
