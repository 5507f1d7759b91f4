using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdamW(
        Tensor parameters, Tensor gradients, Tensor expAvg, Tensor expAvgSq, in AdamWSettings settings,
        Tensor maxExpAvgSq = default, Tensor gradientScale = default, bool zeroGradients = false)
    {
        var first = settings.CorrectBias ? 1 - Math.Pow(settings.Beta1, settings.Step) : 1;
        var second = settings.CorrectBias ? Math.Sqrt(1 - Math.Pow(settings.Beta2, settings.Step)) : 1;
        var decay = settings.LearningRate * settings.WeightDecay;
        RowKernel.Run("AdamW", parameters.DType, (nint)parameters.ElementCount, 8, new AdamWElements
        {
            Parameters = parameters.Address, Gradients = gradients.Address, ExpAvg = expAvg.Address, ExpAvgSq = expAvgSq.Address,
            MaxExpAvgSq = AddressOf(maxExpAvgSq), GradientScale = AddressOf(gradientScale), ZeroGradients = zeroGradients,
            Settings = settings,
            StepSize = settings.IsTransformers ? settings.LearningRate * second / first : settings.LearningRate / first,
            RootCorrection = settings.IsTransformers ? 1 : second,
            DecayBefore = settings.IsTransformers ? 1 : 1 - decay,
            DecayAfter = settings.IsTransformers ? -decay : 0,
        });
    }

    /// <summary>Its rows are single elements. Multiplications are fused with additions exactly where PyTorch's loops do that.</summary>
    private struct AdamWElements : IRowKernel
    {
        public nint Parameters, Gradients, ExpAvg, ExpAvgSq, MaxExpAvgSq, GradientScale;
        public bool ZeroGradients;
        public AdamWSettings Settings;
        public double StepSize, RootCorrection, DecayBefore, DecayAfter;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            const int block = 1024; // rows of other dtypes are converted block by block
            using var buffer = Scratch.Rent<T>(TRow.Converts ? 5 * block : 0);
            for (var start = begin; start < end; start += TRow.Converts ? block : end - begin)
            {
                var count = TRow.Converts ? Math.Min(block, end - start) : end - begin;
                S* p = (S*)Parameters + start, g = (S*)Gradients + start, m = (S*)ExpAvg + start, v = (S*)ExpAvgSq + start;
                var most = MaxExpAvgSq == 0 ? null : (S*)MaxExpAvgSq + start;
                var b = buffer.Pointer;
                var scale = T.One;
                if (GradientScale != 0) scale = *TRow.Read((S*)GradientScale, 1, b);
                T* parameters = TRow.Read(p, count, b), gradients = TRow.Read(g, count, b + block);
                T* first = TRow.Read(m, count, b + (2 * block)), second = TRow.Read(v, count, b + (3 * block));
                var largest = most == null ? null : TRow.Read(most, count, b + (4 * block));
                Step<V, T>(parameters, gradients, first, second, largest, scale, count);
                TRow.Write(parameters, p, count);
                TRow.Write(first, m, count);
                TRow.Write(second, v, count);
                if (ZeroGradients) TRow.Write(gradients, g, count);
                if (most != null) TRow.Write(largest, most, count);
            }
        }

        private readonly void Step<V, T>(T* parameters, T* gradients, T* first, T* second, T* largest, T scale, nint count)
            where V : unmanaged, ISimd<V, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            V gradientScale = V.Broadcast(Settings.Maximize ? -scale : scale);
            V beta1 = V.Constant(Settings.Beta1), rest1 = V.Constant(1 - Settings.Beta1);
            V beta2 = V.Constant(Settings.Beta2), rest2 = V.Constant(1 - Settings.Beta2);
            V stepSize = V.Constant(-StepSize), root = V.Constant(RootCorrection), eps = V.Constant(Settings.Epsilon);
            V before = V.Constant(DecayBefore), after = V.Constant(DecayAfter);
            for (nint i = 0; i < count; i += V.Count)
            {
                var left = count - i;
                V p = RowMath.Load<V, T>(parameters + i, left, default);
                V g = RowMath.Load<V, T>(gradients + i, left, default) * gradientScale;
                V m = RowMath.Load<V, T>(first + i, left, default), v = RowMath.Load<V, T>(second + i, left, default);

                // PyTorch moves the first moment by interpolation, from the end that is nearer; transformers by a weighted sum.
                if (Settings.IsTransformers) m = V.MultiplyAdd(g, rest1, m * beta1);
                else if (1 - Settings.Beta1 < 0.5) m = V.MultiplyAdd(rest1, g - m, m);
                else m = V.MultiplyAdd(-beta1, g - m, g);
                v = V.MultiplyAdd(rest2 * g, g, v * beta2);
                V denominator = v;
                if (largest != null)
                {
                    denominator = V.Max(RowMath.Load<V, T>(largest + i, left, default), v);
                    RowMath.Store(denominator, largest + i, left);
                }
                denominator = (V.Sqrt(denominator) / root) + eps;
                p = (p * before) + (stepSize * m / denominator);
                if (Settings.IsTransformers) p = V.MultiplyAdd(p, after, p);

                RowMath.Store(p, parameters + i, left);
                RowMath.Store(m, first + i, left);
                RowMath.Store(v, second + i, left);
                if (ZeroGradients) RowMath.Store(default(V), gradients + i, left);
            }
        }
    }
}
