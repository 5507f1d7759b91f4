using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void CrossEntropy(
        Tensor logits, Tensor targets, Tensor classWeights, long ignoreIndex, double labelSmoothing, Tensor losses, Tensor targetWeights,
        Tensor statistics)
    {
        var (rows, size) = RowKernel.Rows(logits);
        RowKernel.Run("CrossEntropy", logits.DType, rows, 8 * size, new CrossEntropyRows
        {
            Logits = logits.Address, Targets = new Ids(targets), ClassWeights = AddressOf(classWeights), IgnoreIndex = ignoreIndex,
            Smoothing = labelSmoothing,
            Losses = losses.Address, TargetWeights = targetWeights.Address, Statistics = statistics.Address, Size = size,
        });
    }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(
        Tensor gradient, Tensor logits, Tensor targets, Tensor classWeights, long ignoreIndex, double labelSmoothing, Tensor statistics,
        Tensor destination)
    {
        var (rows, size) = RowKernel.Rows(logits);
        RowKernel.Run("CrossEntropyBackward", logits.DType, rows, 8 * size, new CrossEntropyBackwardRows
        {
            Gradient = gradient.Address, GradientStep = (nint)gradient.Layout.Stride(0), Logits = logits.Address,
            Targets = new Ids(targets),
            ClassWeights = AddressOf(classWeights), IgnoreIndex = ignoreIndex, Smoothing = labelSmoothing, Statistics = statistics.Address,
            Destination = destination.Address, Size = size,
        });
    }

    private struct CrossEntropyRows : IRowKernel
    {
        public nint Logits, ClassWeights, Losses, TargetWeights, Statistics, Size;
        public Ids Targets;
        public long IgnoreIndex;
        public double Smoothing;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 2 * Size : 0);
            var weights = ClassWeights == 0 ? null : TRow.Read((S*)ClassWeights, Size, buffer.Pointer + Size);
            T smoothing = T.CreateTruncating(Smoothing), share = smoothing / T.CreateTruncating(Size);
            var total = weights == null ? T.CreateTruncating(Size) : RowMath.Sum<V, T>(weights, Size);
            T* losses = (T*)Losses, targetWeights = (T*)TargetWeights, statistics = (T*)Statistics;
            for (var row = begin; row < end; row++)
            {
                var target = Targets[row];
                if (target == IgnoreIndex)
                {
                    losses[row] = targetWeights[row] = statistics[2 * row] = statistics[(2 * row) + 1] = T.Zero;
                    continue;
                }
                if ((ulong)target >= (ulong)Size) throw NoClass(target, row, Size, IgnoreIndex);
                var x = TRow.Read((S*)Logits + (row * Size), Size, buffer.Pointer);
                var max = RowMath.Max<V, T>(x, Size);
                var log = T.Log(RowMath.SumExp<V, T>(x, max, Size));
                var weight = weights == null ? T.One : weights[target];
                var loss = weight * (log - (x[target] - max));
                if (Smoothing > 0)
                {
                    // Σ w · log p = Σ w · (x − max) − log · Σ w
                    var spread = weights == null ? RowMath.SumFrom<V, T>(x, max, Size) : RowMath.DotFrom<V, T>(x, max, weights, Size);
                    loss = ((T.One - smoothing) * loss) + (share * ((log * total) - spread));
                }
                (losses[row], targetWeights[row], statistics[2 * row], statistics[(2 * row) + 1]) = (loss, weight, max, log);
            }
        }

        private static ArgumentOutOfRangeException NoClass(long target, nint row, nint classes, long ignored) =>
            new("targets", $"CrossEntropy: target {target} of row {row} is none of {classes} classes, nor the index to ignore, {ignored}");
    }

    private struct CrossEntropyBackwardRows : IRowKernel
    {
        public nint Gradient, GradientStep, Logits, ClassWeights, Statistics, Destination, Size;
        public Ids Targets;
        public long IgnoreIndex;
        public double Smoothing;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 2 * Size : 0);
            var weights = ClassWeights == 0 ? null : TRow.Read((S*)ClassWeights, Size, buffer.Pointer + Size);
            T smoothing = T.CreateTruncating(Smoothing), share = smoothing / T.CreateTruncating(Size);
            var total = weights == null ? T.CreateTruncating(Size) : RowMath.Sum<V, T>(weights, Size);
            var statistics = (T*)Statistics;
            for (var row = begin; row < end; row++)
            {
                var destination = (S*)Destination + (row * Size);
                var dx = TRow.Target(destination, buffer.Pointer);
                var target = Targets[row];
                if (target == IgnoreIndex)
                {
                    new Span<T>(dx, (int)Size).Clear();
                }
                else
                {
                    var x = TRow.Read((S*)Logits + (row * Size), Size, buffer.Pointer);
                    var g = ((T*)Gradient)[row * GradientStep];
                    var onTarget = g * (T.One - smoothing) * (weights == null ? T.One : weights[target]);
                    V factor = V.Broadcast(onTarget + (g * share * total)), each = V.Broadcast(g * share);
                    V max = V.Broadcast(statistics[2 * row]), log = V.Broadcast(statistics[(2 * row) + 1]);
                    for (nint i = 0; i < Size; i += V.Count)
                    {
                        var left = Size - i;
                        V p = VectorMath.Exp<V, T>(RowMath.Load<V, T>(x + i, left, max) - max - log) * factor;
                        if (Smoothing > 0) p -= weights == null ? each : each * RowMath.Load<V, T>(weights + i, left, default);
                        RowMath.Store(p, dx + i, left);
                    }
                    dx[target] -= onTarget;
                }
                TRow.Write(dx, destination, Size);
            }
        }
    }
}
