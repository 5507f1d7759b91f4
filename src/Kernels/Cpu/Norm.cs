using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void PowerSum(Tensor source, double power, Tensor destination, bool accumulate = false)
    {
        nint count = (nint)source.ElementCount, grain = CpuThreadPool.GrainFor(1), chunks = (count + grain - 1) / grain;
        using var sums = Scratch.Rent<double>(chunks);
        RowKernel.RunChunks("PowerSum", source.DType, count, grain, new PowerSums
        {
            Source = source.Address, Power = power, Sums = (nint)sums.Pointer, Grain = grain,
        });
        ref var total = ref *(double*)destination.Address;
        if (!accumulate) total = 0;
        for (nint i = 0; i < chunks; i++) total = double.IsInfinity(power) ? Math.Max(total, sums.Pointer[i]) : total + sums.Pointer[i];
    }

    /// <inheritdoc/>
    public override void ClipCoefficient(Tensor powerSum, double power, double maxNorm, Tensor norm, Tensor coefficient)
    {
        var sum = *(double*)powerSum.Address;
        var exact = double.IsInfinity(power) ? sum : power == 2 ? Math.Sqrt(sum) : Math.Pow(sum, 1 / power);
        var clipping = new Clipping { Exact = exact, MaxNorm = maxNorm, Norm = norm.Address, Coefficient = coefficient.Address };
        RowKernel.Run("ClipCoefficient", norm.DType, 1, 1, clipping);
    }

    /// <summary>Its rows are single elements.</summary>
    private struct PowerSums : IRowKernel
    {
        private const nint Block = 1024;

        public nint Source, Sums, Grain;
        public double Power;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            using var buffer = Scratch.Rent<T>(TRow.Converts ? Block : 0);
            var total = 0.0;
            for (var start = begin; start < end; start += Block)
            {
                var count = Math.Min(Block, end - start);
                var x = TRow.Read((S*)Source + start, count, buffer.Pointer);
                if (Power == 2) total += Squares(x, count);
                else if (double.IsInfinity(Power)) total = Math.Max(total, double.CreateTruncating(RowMath.MaxMagnitude<V, T>(x, count)));
                else for (nint i = 0; i < count; i++) total += Math.Pow(Math.Abs(double.CreateTruncating(x[i])), Power);
            }
            ((double*)Sums)[begin / Grain] = total;
        }

        // In double also for float: no square overflows, and the sum of a block is exact enough to forget about.
        private static double Squares<T>(T* x, nint count)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Vector<double> a = default, b = default;
            nint i = 0;
            if (typeof(T) == typeof(float))
            {
                for (var last = count - Vector<float>.Count; i <= last; i += Vector<float>.Count)
                {
                    Vector.Widen(Vector.Load((float*)x + i), out var low, out var high);
                    a += low * low;
                    b += high * high;
                }
            }
            else
            {
                for (var last = count - (2 * Vector<double>.Count); i <= last; i += 2 * Vector<double>.Count)
                {
                    Vector<double> low = Vector.Load((double*)x + i), high = Vector.Load((double*)x + i + Vector<double>.Count);
                    a += low * low;
                    b += high * high;
                }
            }
            var sum = Vector.Sum(a + b);
            for (; i < count; i++) sum += double.CreateTruncating(x[i]) * double.CreateTruncating(x[i]);
            return sum;
        }
    }

    private struct Clipping : IRowKernel
    {
        public double Exact, MaxNorm;
        public nint Norm, Coefficient;

        readonly void IRowKernel.Rows<V, T, S, TRow>(nint begin, nint end)
        {
            T norm = T.CreateTruncating(Exact), coefficient = T.CreateTruncating(MaxNorm) / (norm + T.CreateTruncating(1e-6));
            if (coefficient > T.One) coefficient = T.One;
            T* n = TRow.Target((S*)Norm, &norm), c = TRow.Target((S*)Coefficient, &coefficient);
            (*n, *c) = (norm, coefficient);
            TRow.Write(n, (S*)Norm, 1);
            TRow.Write(c, (S*)Coefficient, 1);
        }
    }
}
