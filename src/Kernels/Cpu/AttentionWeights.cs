using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AttentionWeights(
        Tensor scores, Tensor bias, Tensor mask, in AttentionMasking masking, in DropoutSettings dropout, Tensor dropped)
    {
        var (rows, size) = RowKernel.Rows(scores);
        RowKernel.Run("AttentionWeights", scores.DType, rows, 10 * size, new AttentionWeightRows
        {
            Scores = scores.Address, Keys = size, Queries = (nint)scores.Size(2), Heads = (nint)scores.Size(1),
            Bias = new ScoreRows(bias), Mask = new ScoreRows(mask), Masking = masking,
            Dropout = new DropoutMask(dropout), Dropped = AddressOf(dropped),
        });
    }

    /// <inheritdoc/>
    public override void AttentionWeightsBackward(
        Tensor weights, Tensor gradient, in AttentionMasking masking, in DropoutSettings dropout, Tensor dropped)
    {
        var (rows, size) = RowKernel.Rows(weights);
        RowKernel.Run("AttentionWeightsBackward", weights.DType, rows, 5 * size, new AttentionWeightBackwardRows
        {
            Weights = weights.Address, Gradient = gradient.Address, Keys = size, Queries = (nint)weights.Size(2), Masking = masking,
            HasDropout = dropout.Probability > 0, Dropout = new DropoutMask(dropout), Dropped = AddressOf(dropped),
        });
    }

    /// <summary>A tensor that is added to the scores, repeated as its strides say.</summary>
    private readonly struct ScoreRows
    {
        private readonly nint _address, _batch, _head, _query;

        public ScoreRows(Tensor tensor)
        {
            if (!tensor.IsAlive) return;
            ref readonly var layout = ref tensor.Layout;
            (_address, IsBool) = (tensor.Address, tensor.DType == DType.Bool);
            (_batch, _head) = ((nint)layout.Stride(0), (nint)layout.Stride(1));
            (_query, Step) = ((nint)layout.Stride(2), (nint)layout.Stride(3));
        }

        public bool Exists => _address != 0;

        public bool IsBool { get; }

        /// <summary>From key to key.</summary>
        public nint Step { get; }

        public S* At<S>(nint batch, nint head, nint query)
            where S : unmanaged => (S*)_address + (batch * _batch) + (head * _head) + (query * _query);
    }

    private struct AttentionWeightRows : IRowKernel
    {
        public nint Scores, Keys, Queries, Heads, Dropped;
        public ScoreRows Bias, Mask;
        public AttentionMasking Masking;
        public DropoutMask Dropout;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>((TRow.Converts ? Keys : 0) + Keys);
            var line = buffer.Pointer + (TRow.Converts ? Keys : 0);
            for (var row = begin; row < end; row++)
            {
                var (rest, query) = Math.DivRem(row, Queries);
                var (batch, head) = Math.DivRem(rest, Heads);
                var home = (S*)Scores + (row * Keys);
                var x = TRow.Read(home, Keys, buffer.Pointer);
                var visible = (nint)Masking.Visible(query, Keys);
                if (Bias.Exists) RowMath.Add<V, T>(x, Line<T, S, TRow>(Bias, Bias.At<S>(batch, head, query), line), x, Keys);
                if (Mask.Exists)
                {
                    new Span<T>(x + visible, (int)(Keys - visible)).Fill(T.CreateTruncating(Masking.Fill));
                    if (Mask.IsBool) Hide(x, Mask.At<byte>(batch, head, query));
                    else RowMath.Add<V, T>(x, Line<T, S, TRow>(Mask, Mask.At<S>(batch, head, query), line), x, Keys);
                    Normalise<V, T>(x, Keys);
                }
                else
                {
                    // Whatever the fill, nothing is left of it beside a key that is visible.
                    if (visible == 0 && !double.IsInfinity(Masking.Fill)) new Span<T>(x, (int)Keys).Clear();
                    var normalised = visible == 0 && !double.IsInfinity(Masking.Fill) ? Keys : visible;
                    Normalise<V, T>(x, normalised);
                    new Span<T>(x + normalised, (int)(Keys - normalised)).Fill(normalised > 0 || Masking.EmptyIsZero ? T.Zero : T.NaN);
                }
                TRow.Write(x, home, Keys);
                if (Dropped == 0) continue;

                var left = (S*)Dropped + (row * Keys);
                var y = TRow.Target(left, buffer.Pointer);
                Dropout.Write(row * Keys, Keys, line);
                RowMath.Multiply<V, T>(x, line, y, Keys);
                TRow.Write(y, left, Keys);
            }
        }

        private readonly void Normalise<V, T>(T* x, nint count)
            where V : unmanaged, ISimd<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var max = RowMath.Max<V, T>(x, count);
            if (Masking.EmptyIsZero && max == T.NegativeInfinity)
            {
                new Span<T>(x, (int)count).Clear();
                return;
            }
            var sum = RowMath.Exp<V, T>(x, max, x, count);
            RowMath.Scale<V, T>(x, T.One / sum, x, count);
        }

        // The summands of a row side by side.
        private readonly T* Line<T, S, TRow>(in ScoreRows rows, S* source, T* line)
            where T : unmanaged
            where S : unmanaged
            where TRow : struct, IRowStorage<S, T>
        {
            if (rows.Step == 1) return TRow.Read(source, Keys, line);
            for (nint i = 0; i < Keys; i++) line[i] = *TRow.Read(source + (i * rows.Step), 1, line + i);
            return line;
        }

        private readonly void Hide<T>(T* x, byte* kept)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (nint i = 0; i < Keys; i++)
            {
                if (kept[i * Mask.Step] == 0) x[i] = T.NegativeInfinity;
            }
        }
    }

    private struct AttentionWeightBackwardRows : IRowKernel
    {
        public nint Weights, Gradient, Keys, Queries, Dropped;
        public AttentionMasking Masking;
        public DropoutMask Dropout;
        public bool HasDropout;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>((TRow.Converts ? 3 * Keys : 0) + Keys);
            var factors = buffer.Pointer + (TRow.Converts ? 3 * Keys : 0);
            for (var row = begin; row < end; row++)
            {
                var home = (S*)Gradient + (row * Keys);
                var w = TRow.Read((S*)Weights + (row * Keys), Keys, buffer.Pointer);
                var g = TRow.Read(home, Keys, buffer.Pointer + Keys);
                if (HasDropout)
                {
                    Dropout.Write(row * Keys, Keys, factors);
                    RowMath.Multiply<V, T>(g, factors, g, Keys);
                }
                if (Dropped != 0)
                {
                    var left = (S*)Dropped + (row * Keys);
                    var y = TRow.Target(left, buffer.Pointer + (2 * Keys));
                    RowMath.Multiply<V, T>(w, factors, y, Keys);
                    TRow.Write(y, left, Keys);
                }
                V shift = V.Broadcast(RowMath.Dot<V, T>(w, g, Keys));
                var visible = (nint)Masking.Visible(row % Queries, Keys);
                for (nint i = 0; i < visible; i += V.Count)
                {
                    V value = RowMath.Load<V, T>(w + i, visible - i, default) * (RowMath.Load<V, T>(g + i, visible - i, default) - shift);
                    RowMath.Store(value, g + i, visible - i);
                }
                new Span<T>(g + visible, (int)(Keys - visible)).Clear();
                TRow.Write(g, home, Keys);
            }
        }
    }
}
