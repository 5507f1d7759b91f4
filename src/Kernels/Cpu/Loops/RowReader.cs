using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Shows pieces of an operand's rows as contiguous elements of the type that a kernel computes in: where they lie, or packed and converted
/// in a buffer.
/// </summary>
internal unsafe struct RowReader<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Elements in a buffer: a few of them fit into a core's first cache.</summary>
    public const int Block = 1024;

    private readonly DType _dtype;
    private readonly nint _step;
    private readonly int _size;
    private readonly bool _isNative;
    private readonly T* _buffer;
    private readonly byte* _packed;
    private byte* _repeated;
    private nint _repeatedCount;

    /// <summary>
    /// A reader of rows whose elements are <paramref name="step"/> bytes apart, with <see cref="ScratchBytes"/> of memory to work in.
    /// </summary>
    public RowReader(DType dtype, nint step, byte* scratch)
    {
        (_dtype, _step, _size, _isNative) = (dtype, step, dtype.ByteSize, Conversion.IsNative<T>(dtype));
        _buffer = (T*)scratch;
        _packed = scratch + (Block * sizeof(T));
    }

    /// <summary>Working memory that a reader needs.</summary>
    public static int ScratchBytes => Block * (sizeof(T) + sizeof(long));

    /// <summary>Whether rows are read where they lie, so that pieces may be of any length and not only <see cref="Block"/>.</summary>
    public static bool IsDirect(DType dtype, nint step) => Conversion.IsNative<T>(dtype) && step == sizeof(T);

    /// <summary><paramref name="count"/> elements from <paramref name="source"/> on.</summary>
    public T* Read(byte* source, nint count)
    {
        if (_step == _size && _isNative) return (T*)source;
        if (_step != 0)
        {
            ReadTo(source, count, _buffer);
        }
        else if (_repeated != source || _repeatedCount < count)
        {
            T value;
            Conversion.Load(_dtype, source, &value, 1);
            new Span<T>(_buffer, (int)count).Fill(value);
            _repeated = source;
            _repeatedCount = count;
        }
        return _buffer;
    }

    /// <summary>Copies and converts elements into memory of the caller's.</summary>
    public readonly void ReadTo(byte* source, nint count, T* destination)
    {
        if (_isNative)
        {
            Strides.Copy(source, _step, (byte*)destination, sizeof(T), count, sizeof(T));
            return;
        }
        if (_step != _size)
        {
            Strides.Copy(source, _step, _packed, _size, count, _size);
            source = _packed;
        }
        Conversion.Load(_dtype, source, destination, count);
    }
}

/// <summary>The way back: where a kernel may write a piece of a row, and how that gets to its place.</summary>
internal readonly unsafe struct RowWriter<T>(DType dtype, nint step, byte* scratch)
    where T : unmanaged, INumber<T>
{
    private readonly int _size = dtype.ByteSize;
    private readonly bool _isNative = Conversion.IsNative<T>(dtype);
    private readonly byte* _packed = scratch + (RowReader<T>.Block * sizeof(T));

    /// <summary>Memory for a piece that will end at <paramref name="destination"/>.</summary>
    public T* Room(byte* destination) => _isNative && step == sizeof(T) ? (T*)destination : (T*)scratch;

    /// <summary>Brings the piece from its <see cref="Room"/> to its place.</summary>
    public void Write(T* piece, byte* destination, nint count)
    {
        if (piece == destination) return;
        if (_isNative)
        {
            Strides.Copy((byte*)piece, sizeof(T), destination, step, count, sizeof(T));
        }
        else if (step == _size)
        {
            Conversion.Store(piece, dtype, destination, count);
        }
        else
        {
            Conversion.Store(piece, dtype, _packed, count);
            Strides.Copy(_packed, _size, destination, step, count, _size);
        }
    }
}
