using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor input, Tensor weight, double eps, Tensor destination, Tensor rstd)
    {
        var (rows, size) = RowKernel.Rows(input);
        RowKernel.Run("RmsNorm", input.DType, rows, 3 * size, new RmsNormRows
        {
            Input = input.Address, Weight = AddressOf(weight), Destination = destination.Address, Rstd = rstd.Address, Size = size,
            Eps = eps,
        });
    }

    /// <inheritdoc/>
    public override void RmsNormBackward(
        Tensor gradient, Tensor input, Tensor weight, Tensor rstd, Tensor inputGradient, Tensor weightGradient)
    {
        var (rows, size) = RowKernel.Rows(input);
        using var partials = new ColumnPartials(rows, 6 * size, size, weightGradient, default);
        RowKernel.RunChunks("RmsNormBackward", input.DType, rows, partials.Grain, new RmsNormBackwardRows
        {
            Gradient = gradient.Address, Input = input.Address, Weight = AddressOf(weight), Rstd = rstd.Address,
            InputGradient = AddressOf(inputGradient), Partials = partials.Sums, Size = size,
        });
        partials.AddTo("RmsNormBackward");
    }

    private struct RmsNormRows : IRowKernel
    {
        public nint Input, Weight, Destination, Rstd, Size;
        public double Eps;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 2 * Size : 0);
            var weight = Weight == 0 ? null : TRow.Read((S*)Weight, Size, buffer.Pointer + Size);
            for (var row = begin; row < end; row++)
            {
                var destination = (S*)Destination + (row * Size);
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer);
                var y = TRow.Target(destination, buffer.Pointer);
                var rstd = T.One / T.Sqrt((RowMath.Dot<V, T>(x, x, Size) / T.CreateTruncating(Size)) + T.CreateTruncating(Eps));
                ((T*)Rstd)[row] = rstd;
                V r = V.Broadcast(rstd);
                for (nint i = 0; i < Size; i += V.Count)
                {
                    V value = RowMath.Load<V, T>(x + i, Size - i, default) * r;
                    if (weight != null) value *= RowMath.Load<V, T>(weight + i, Size - i, default);
                    RowMath.Store(value, y + i, Size - i);
                }
                TRow.Write(y, destination, Size);
            }
        }
    }

    private struct RmsNormBackwardRows : IRowKernel
    {
        public nint Gradient, Input, Weight, Rstd, InputGradient, Size;
        public ColumnSums Partials;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 3 * Size : 0);
            var dw = Partials.Begin<T>(begin, 0);
            var weight = Weight == 0 ? null : TRow.Read((S*)Weight, Size, buffer.Pointer + (2 * Size));
            var one = V.Constant(1);
            for (var row = begin; row < end; row++)
            {
                var g = TRow.Read((S*)Gradient + (row * Size), Size, buffer.Pointer);
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer + Size);
                V r = V.Broadcast(((T*)Rstd)[row]), product = default;
                for (nint i = 0; i < Size; i += V.Count)
                {
                    var left = Size - i;
                    V gi = RowMath.Load<V, T>(g + i, left, default), normal = RowMath.Load<V, T>(x + i, left, default) * r;
                    if (dw != null) RowMath.Store(V.MultiplyAdd(gi, normal, RowMath.Load<V, T>(dw + i, left, default)), dw + i, left);
                    product = V.MultiplyAdd(gi * (weight == null ? one : RowMath.Load<V, T>(weight + i, left, default)), normal, product);
                }
                if (InputGradient == 0) continue;

                V slope = V.Broadcast(V.Sum(product) / T.CreateTruncating(Size));
                var destination = (S*)InputGradient + (row * Size);
                var dx = TRow.Target(destination, buffer.Pointer);
                for (nint i = 0; i < Size; i += V.Count)
                {
                    var left = Size - i;
                    V gw = RowMath.Load<V, T>(g + i, left, default);
                    if (weight != null) gw *= RowMath.Load<V, T>(weight + i, left, default);
                    V normal = RowMath.Load<V, T>(x + i, left, default) * r;
                    RowMath.Store((gw - (normal * slope)) * r, dx + i, left);
                }
                TRow.Write(dx, destination, Size);
            }
        }
    }
}
