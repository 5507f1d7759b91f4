using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(Tensor input, Tensor weight, Tensor bias, double eps, Tensor destination, Tensor mean, Tensor rstd)
    {
        var (rows, size) = RowKernel.Rows(input);
        RowKernel.Run("LayerNorm", input.DType, rows, 4 * size, new LayerNormRows
        {
            Input = input.Address, Weight = AddressOf(weight), Bias = AddressOf(bias), Destination = destination.Address,
            Mean = mean.Address, Rstd = rstd.Address, Size = size, Eps = eps,
        });
    }

    /// <inheritdoc/>
    public override void LayerNormBackward(
        Tensor gradient, Tensor input, Tensor weight, Tensor mean, Tensor rstd, Tensor inputGradient, Tensor weightGradient,
        Tensor biasGradient)
    {
        var (rows, size) = RowKernel.Rows(input);
        using var partials = new ColumnPartials(rows, 8 * size, size, weightGradient, biasGradient);
        RowKernel.RunChunks("LayerNormBackward", input.DType, rows, partials.Grain, new LayerNormBackwardRows
        {
            Gradient = gradient.Address, Input = input.Address, Weight = AddressOf(weight), Mean = mean.Address, Rstd = rstd.Address,
            InputGradient = AddressOf(inputGradient), Partials = partials.Sums, Size = size,
        });
        partials.AddTo("LayerNormBackward");
    }

    private static nint AddressOf(Tensor optional) => optional.IsAlive ? optional.Address : 0;

    private struct LayerNormRows : IRowKernel
    {
        public nint Input, Weight, Bias, Destination, Mean, Rstd, Size;
        public double Eps;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 3 * Size : 0);
            var weight = Weight == 0 ? null : TRow.Read((S*)Weight, Size, buffer.Pointer + Size);
            var bias = Bias == 0 ? null : TRow.Read((S*)Bias, Size, buffer.Pointer + (2 * Size));
            for (var row = begin; row < end; row++)
            {
                var destination = (S*)Destination + (row * Size);
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer);
                var y = TRow.Target(destination, buffer.Pointer);
                var (mean, variance) = RowMath.Moments<V, T>(x, Size);
                var rstd = T.One / T.Sqrt(variance + T.CreateTruncating(Eps));
                (((T*)Mean)[row], ((T*)Rstd)[row]) = (mean, rstd);

                V m = V.Broadcast(mean), r = V.Broadcast(rstd);
                for (nint i = 0; i < Size; i += V.Count)
                {
                    V value = (RowMath.Load<V, T>(x + i, Size - i, default) - m) * r;
                    if (weight != null) value *= RowMath.Load<V, T>(weight + i, Size - i, default);
                    if (bias != null) value += RowMath.Load<V, T>(bias + i, Size - i, default);
                    RowMath.Store(value, y + i, Size - i);
                }
                TRow.Write(y, destination, Size);
            }
        }
    }

    private struct LayerNormBackwardRows : IRowKernel
    {
        public nint Gradient, Input, Weight, Mean, Rstd, InputGradient, Size;
        public ColumnSums Partials;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 3 * Size : 0);
            T* dw = Partials.Begin<T>(begin, 0), db = Partials.Begin<T>(begin, 1);
            var weight = Weight == 0 ? null : TRow.Read((S*)Weight, Size, buffer.Pointer + (2 * Size));
            var one = V.Constant(1);
            for (var row = begin; row < end; row++)
            {
                var g = TRow.Read((S*)Gradient + (row * Size), Size, buffer.Pointer);
                var x = TRow.Read((S*)Input + (row * Size), Size, buffer.Pointer + Size);
                V m = V.Broadcast(((T*)Mean)[row]), r = V.Broadcast(((T*)Rstd)[row]);

                // One look at the row sums what the columns need and what the row itself needs: Σ g·w and Σ g·w·x̂.
                V sum = default, product = default;
                for (nint i = 0; i < Size; i += V.Count)
                {
                    var left = Size - i;
                    V gi = RowMath.Load<V, T>(g + i, left, default);
                    V normal = (RowMath.Load<V, T>(x + i, left, m) - m) * r;
                    if (dw != null) RowMath.Store(V.MultiplyAdd(gi, normal, RowMath.Load<V, T>(dw + i, left, default)), dw + i, left);
                    if (db != null) RowMath.Store(gi + RowMath.Load<V, T>(db + i, left, default), db + i, left);
                    V gw = gi * (weight == null ? one : RowMath.Load<V, T>(weight + i, left, default));
                    sum += gw;
                    product = V.MultiplyAdd(gw, normal, product);
                }
                if (InputGradient == 0) continue;

                var count = T.CreateTruncating(Size);
                V mean = V.Broadcast(V.Sum(sum) / count), slope = V.Broadcast(V.Sum(product) / count);
                var destination = (S*)InputGradient + (row * Size);
                var dx = TRow.Target(destination, buffer.Pointer);
                for (nint i = 0; i < Size; i += V.Count)
                {
                    var left = Size - i;
                    V gw = RowMath.Load<V, T>(g + i, left, default);
                    if (weight != null) gw *= RowMath.Load<V, T>(weight + i, left, default);
                    V normal = (RowMath.Load<V, T>(x + i, left, m) - m) * r;
                    RowMath.Store((gw - mean - (normal * slope)) * r, dx + i, left);
                }
                TRow.Write(dx, destination, Size);
            }
        }
    }
}
