using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>An axis cut into pieces that are views. Gradient: the pieces' gradients side by side, zeros where none came.</summary>
public static class SplitOperation
{
    extension(Tensor input)
    {
        /// <summary>Pieces of <paramref name="size"/> places; the last may be shorter.</summary>
        public TensorList Split(long size, int dim = 0)
        {
            var length = input.Size(dim);
            if (size < 0 || (size == 0 && length > 0))
            {
                throw new ArgumentOutOfRangeException(nameof(size), size, $"Split: cannot cut axis {dim} of {input} into pieces of {size}");
            }
            var count = size == 0 ? 1 : Math.Max((length + size - 1) / size, 1);
            var pieces = new TensorList(checked((int)count));
            for (var i = 0; i < pieces.Count; i++) pieces.Set(i, View(input, dim, i * size, Math.Min(size, length - (i * size))));
            return Record(input, dim, pieces);
        }

        /// <summary>Pieces of given sizes, which together make the axis.</summary>
        public TensorList Split(ReadOnlySpan<long> sizes, int dim = 0)
        {
            var (sum, smallest) = (0L, 0L);
            foreach (var size in sizes) (sum, smallest) = (sum + size, Math.Min(smallest, size));
            if (sum != input.Size(dim) || smallest < 0 || sizes.IsEmpty)
            {
                throw new ArgumentException(
                    $"Split: sizes [{string.Join(", ", sizes.ToArray())}] do not make up axis {dim} of {input}", nameof(sizes));
            }
            var pieces = new TensorList(sizes.Length);
            var start = 0L;
            for (var i = 0; i < sizes.Length; i++)
            {
                pieces.Set(i, View(input, dim, start, sizes[i]));
                start += sizes[i];
            }
            return Record(input, dim, pieces);
        }

        /// <summary>At most <paramref name="chunks"/> pieces of equal size, the last possibly shorter (5 places in 4 chunks make 2, 2,
        /// 1).</summary>
        public TensorList Chunk(int chunks, int dim = 0)
        {
            if (chunks < 1) throw new ArgumentOutOfRangeException(nameof(chunks), chunks, "Chunk: chunks is 1 or more");
            var length = input.Size(dim);
            if (length > 0) return input.Split((length + chunks - 1) / chunks, dim);
            var pieces = new TensorList(chunks); // of nothing there are as many pieces as asked for
            for (var i = 0; i < chunks; i++) pieces.Set(i, View(input, dim, 0, 0));
            return Record(input, dim, pieces);
        }
    }

    private static Tensor View(Tensor input, int dim, long start, long length) => input.WithLayout(input.Layout.Slice(dim, start, length));

    private static TensorList Record(Tensor input, int dim, TensorList pieces)
    {
        if (Tape.Record<SplitBackward>(pieces[0], input) is { } node)
        {
            for (var i = 1; i < pieces.Count; i++) node.AddOutput(pieces[i]);
            node.Remember(input, input.Shape.Axis(dim), pieces);
        }
        return pieces;
    }
}

internal sealed class SplitBackward : Node
{
    private long[] _sizes = new long[4];
    private Shape _input;
    private DType _dtype;
    private Device _device;
    private int _axis;
    private int _count;

    public void Remember(Tensor input, int axis, TensorList pieces)
    {
        (_input, _dtype, _device, _axis, _count) = (input.Shape, input.DType, input.Device, axis, pieces.Count);
        if (_sizes.Length < _count) _sizes = new long[_count];
        for (var i = 0; i < _count; i++) _sizes[i] = pieces[i].Size(axis);
    }

    protected internal override void Backward()
    {
        var whole = Tensor.Empty(_input, _dtype, _device);
        var start = 0L;
        for (var i = 0; i < _count; i++)
        {
            var piece = whole.WithLayout(whole.Layout.Slice(_axis, start, _sizes[i]));
            if (GradientOf(i) is { IsAlive: true } gradient) Backend.For(whole).Copy(gradient, piece);
            else Backend.For(whole).Fill(piece, 0);
            start += _sizes[i];
        }
        Give(0, whole);
    }
}
