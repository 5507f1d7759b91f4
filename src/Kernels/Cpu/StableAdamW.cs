using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void StableAdamW(
        Tensor parameter, in UpdateGradients gradients, Tensor expAvg, Tensor expAvgSq, in StableAdamWSettings settings)
    {
        var buffers = new UpdateBuffers(parameter, gradients, expAvg, expAvgSq);
        if (buffers.IsSkipped || buffers.Count == 0) FlatUpdate.Clear(buffers);
        else if (buffers.AreAll(DType.Float32)) StableAdamWStep<float>(buffers, settings);
        else if (buffers.AreAll(DType.Float64)) StableAdamWStep<double>(buffers, settings);
        else throw RowKernel.Unsupported("StableAdamW", parameter.DType, "float32 or float64");
    }

    private static void StableAdamWStep<T>(in UpdateBuffers buffers, in StableAdamWSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint grain = CpuThreadPool.GrainFor(6), chunks = (buffers.Count + grain - 1) / grain;
        using var sums = Scratch.Rent<double>(chunks);
        CpuThreadPool.For(buffers.Count, grain, new StableMoments<T>(buffers, settings) { Sums = sums.Pointer, Grain = grain });
        var total = 0.0;
        for (nint i = 0; i < chunks; i++) total += sums.Pointer[i];
        var rate = settings.LearningRate / Math.Max(1, Math.Sqrt(total / buffers.Count));
        FlatUpdate.Run<T, StableStepRule<T>>(buffers, new(rate, settings));
    }

    // The moments, and by how much the gradients outgrow them.
    private struct StableMoments<T> : IParallelJob, ISimdKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public double* Sums;
        public nint Grain;
        private readonly UpdateBuffers _buffers;
        private readonly T _beta1, _rest1, _beta2, _rest2, _smallest, _scale;
        private nint _begin, _end;

        public StableMoments(in UpdateBuffers buffers, in StableAdamWSettings settings)
        {
            (_buffers, _scale) = (buffers, T.CreateTruncating(buffers.Scale));
            double beta1 = Decay(settings.Beta1, settings.Step), beta2 = Decay(settings.Beta2, settings.Step);
            (_beta1, _rest1) = (T.CreateTruncating(beta1), T.CreateTruncating(1 - beta1));
            (_beta2, _rest2) = (T.CreateTruncating(beta2), T.CreateTruncating(1 - beta2));
            _smallest = T.CreateTruncating(settings.Epsilon * settings.Epsilon);

            static double Decay(double beta, long step) => beta * (1 - Math.Pow(beta, step - 1)) / (1 - Math.Pow(beta, step));
        }

        public readonly void Execute(nint begin, nint end)
        {
            var part = this with { _begin = begin, _end = end };
            Simd.Run<T, StableMoments<T>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            T* g = (T*)_buffers.Gradients.At(_begin), m = (T*)_buffers.A.At(_begin), v = (T*)_buffers.B.At(_begin);
            var count = _end - _begin;
            V total = default, smallest = V.Broadcast(_smallest);
            for (nint i = 0; i < count; i += V.Count)
            {
                var left = count - i;
                V gradient = RowMath.Load<V, T>(g + i, left, default) * V.Broadcast(_scale);
                V first = V.MultiplyAdd(gradient, V.Broadcast(_rest1), RowMath.Load<V, T>(m + i, left, default) * V.Broadcast(_beta1));
                V square = gradient * gradient;
                V second = V.MultiplyAdd(square, V.Broadcast(_rest2), RowMath.Load<V, T>(v + i, left, default) * V.Broadcast(_beta2));
                RowMath.Store(first, m + i, left);
                RowMath.Store(second, v + i, left);

                // No gradient adds nothing, also where epsilon squared is 0 in this precision.
                V ratio = square / V.Max(second, smallest);
                total += V.Select(V.GreaterThan(square, default), ratio, default);
            }
            Sums[_begin / Grain] = double.CreateTruncating(V.Sum(total));
        }
    }
}

/// <summary>The second half of StableAdamW: the step, with the moments as they are.</summary>
internal readonly struct StableStepRule<T>(double rate, in StableAdamWSettings settings) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(rate), _epsilon = T.CreateTruncating(settings.Epsilon);
    private readonly T _keep = T.CreateTruncating(1 - (rate * settings.WeightDecay));

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T> =>
        p = (p * V.Broadcast(_keep)) - (V.Broadcast(_rate) * a / (V.Sqrt(b) + V.Broadcast(_epsilon)));
}
