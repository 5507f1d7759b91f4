using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Adafactor of one parameter: means of squared gradients by row and column, the size of the step that they give, then the step. The rows
/// are cut by shape and partial sums added in order: the same bits for any number of threads.
/// </summary>
internal static unsafe class AdafactorStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private enum Pass
    {
        Squares,
        Size,
        Step,
    }

    /// <summary>Makes the step; see <see cref="Backend.Adafactor"/>.</summary>
    public static void Run(in UpdateBuffers buffers, Tensor rows, Tensor columns, Tensor rms, in AdafactorSettings settings)
    {
        if (buffers.IsSkipped || buffers.Count == 0)
        {
            FlatUpdate.Clear(buffers);
            return;
        }
        var isFactored = rows.IsAlive;
        var width = isFactored ? (nint)columns.Size(-1) : 0;
        var height = isFactored ? (nint)rows.Size(-1) : 0;

        // A parameter without rows and columns is cut as if it had rows of one vector register's length or so.
        var job = new Work
        {
            Buffers = buffers, IsFactored = isFactored, Width = isFactored ? width : 64, Length = buffers.Count,
            Rows = isFactored ? (T*)rows.Address : null, Columns = isFactored ? (T*)columns.Address : null, Height = height,
            Epsilon = T.CreateTruncating(settings.Epsilon), Decay = 1 - Math.Pow(settings.Step, settings.DecayRate),
        };
        var count = (buffers.Count + job.Width - 1) / job.Width;
        job.Grain = Math.Max(CpuThreadPool.GrainFor(job.Width * 4), (count + 63) / 64);
        if (isFactored) job.Grain = Math.Max(1, Math.Min(job.Grain, height)); // a chunk of one matrix has its own column sums
        var perMatrix = isFactored ? (height + job.Grain - 1) / job.Grain : (count + job.Grain - 1) / job.Grain;
        var matrices = isFactored ? count / height : 1;
        var chunks = perMatrix * matrices;
        (job.ChunksPerMatrix, job.Chunks) = (perMatrix, chunks);

        using var sums = Scratch.Rent<double>((2 * chunks) + (isFactored ? chunks * width : 0) + count + (matrices * width));
        job.Partial = sums.Pointer;
        job.ColumnSums = (T*)(job.Partial + (2 * chunks));
        job.RowFactors = job.ColumnSums + (isFactored ? chunks * width : 0);
        job.ColumnFactors = job.RowFactors + count;
        new Span<double>(job.Partial, (int)(2 * chunks)).Clear();

        job.Pass = Pass.Squares;
        CpuThreadPool.For(chunks, 1, job);
        var scale = Math.Sqrt(Total(job.Partial, chunks) / buffers.Count);
        Conversion.Store(&scale, rms.DType, (void*)rms.Address, 1);
        if (isFactored) Factors(job, matrices, perMatrix);

        job.Pass = Pass.Size;
        CpuThreadPool.For(chunks, 1, job);
        var size = Math.Sqrt(Total(job.Partial + chunks, chunks) / buffers.Count);
        var rate = settings.LearningRate * (settings.ScalesByParameter ? Math.Max(settings.SmallestScale, scale) : 1);
        job.Rate = T.CreateTruncating(rate / Math.Max(1, size / settings.ClipThreshold));
        job.Keep = T.CreateTruncating(1 - (settings.WeightDecay * rate));
        (job.Beta1, job.Rest1) = (T.CreateTruncating(settings.Beta1), T.CreateTruncating(1 - settings.Beta1));
        job.Pass = Pass.Step;
        CpuThreadPool.For(chunks, 1, job);
    }

    private static double Total(double* partial, nint count)
    {
        var total = 0.0;
        for (nint i = 0; i < count; i++) total += partial[i];
        return total;
    }

    // The columns' sums of all chunks, the averages, and what a gradient is multiplied with for its row and its column.
    private static void Factors(in Work job, nint matrices, nint perMatrix)
    {
        T decay = T.CreateTruncating(job.Decay), rest = T.CreateTruncating(1 - job.Decay);
        for (nint matrix = 0; matrix < matrices; matrix++)
        {
            T* rows = job.Rows + (matrix * job.Height), columns = job.Columns + (matrix * job.Width);
            var first = job.ColumnSums + (matrix * perMatrix * job.Width);
            var mean = 0.0;
            for (nint y = 0; y < job.Height; y++) mean += double.CreateTruncating(rows[y]);
            mean /= job.Height;
            for (nint y = 0; y < job.Height; y++)
            {
                job.RowFactors[(matrix * job.Height) + y] = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(rows[y]) / mean));
            }
            for (nint x = 0; x < job.Width; x++)
            {
                var sum = 0.0;
                for (nint chunk = 0; chunk < perMatrix; chunk++) sum += double.CreateTruncating(first[(chunk * job.Width) + x]);
                columns[x] = (columns[x] * decay) + (T.CreateTruncating(sum / job.Height) * rest);
                job.ColumnFactors[(matrix * job.Width) + x] = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(columns[x])));
            }
        }
    }

    private struct Work : IParallelJob, ISimdKernel<T>
    {
        public UpdateBuffers Buffers;
        public Pass Pass;
        public bool IsFactored;
        public nint Length, Width, Height, Grain, ChunksPerMatrix, Chunks;
        public T* Rows, Columns, RowFactors, ColumnFactors;
        public T* ColumnSums;
        public double* Partial;
        public T Epsilon, Rate, Keep, Beta1, Rest1;
        public double Decay;
        private nint _chunk;

        public readonly void Execute(nint begin, nint end)
        {
            var part = this;
            for (part._chunk = begin; part._chunk < end; part._chunk++) Simd.Run<T, Work>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            var matrix = _chunk / ChunksPerMatrix;
            var top = (_chunk % ChunksPerMatrix) * Grain;
            var rows = IsFactored ? Height : (Length + Width - 1) / Width;
            var bottom = Math.Min(rows, top + Grain);
            if (IsFactored && Pass == Pass.Squares) new Span<T>(ColumnSums + (_chunk * Width), (int)Width).Clear();
            double weights = 0, steps = 0;
            for (var y = top; y < bottom; y++)
            {
                var row = (matrix * Height) + y;
                var start = row * Width;
                var count = Math.Min(Width, Length - start);
                T* p = (T*)Buffers.Parameters.At(start), g = (T*)Buffers.Gradients.At(start);
                if (Pass == Pass.Squares) Squares<V>(p, g, row, start, count, ref weights);
                else if (Pass == Pass.Size) steps += Size<V>(g, row, matrix, start, count);
                else Step<V>(p, g, row, matrix, start, count);
            }
            if (Pass == Pass.Squares) Partial[_chunk] = weights;
            if (Pass == Pass.Size) Partial[Chunks + _chunk] = steps;
        }

        private readonly void Squares<V>(T* p, T* g, nint row, nint start, nint count, ref double weights) where V : unmanaged, ISimd<V, T>
        {
            V scale = V.Broadcast(T.CreateTruncating(Buffers.Scale)), epsilon = V.Broadcast(Epsilon);
            V decay = V.Broadcast(T.CreateTruncating(Decay)), rest = V.Broadcast(T.CreateTruncating(1 - Decay));
            V total = default, weight = default;
            var averages = IsFactored ? null : (T*)Buffers.A.At(start);
            var sums = IsFactored ? ColumnSums + (_chunk * Width) : null;
            for (nint i = 0; i < count; i += V.Count)
            {
                var left = count - i;
                V x = RowMath.Load<V, T>(p + i, left, default), y = RowMath.Load<V, T>(g + i, left, default) * scale;
                weight = V.MultiplyAdd(x, x, weight);
                V square = (y * y) + epsilon;
                if (averages != null)
                {
                    V average = V.MultiplyAdd(square, rest, RowMath.Load<V, T>(averages + i, left, default) * decay);
                    RowMath.Store(average, averages + i, left);
                    continue;
                }
                V sum = RowMath.Load<V, T>(sums + i, left, default) + square;
                RowMath.Store(sum, sums + i, left);
                total += left < V.Count ? Lanes(square, (int)left) : square;
            }
            weights += double.CreateTruncating(V.Sum(weight));
            if (!IsFactored) return;
            var mean = V.Sum(total) / T.CreateTruncating(Width);
            Rows[row] = (Rows[row] * T.CreateTruncating(Decay)) + (mean * T.CreateTruncating(1 - Decay));
        }

        // Without the lanes beyond the end, which hold epsilon.
        private static V Lanes<V>(V x, int count) where V : unmanaged, ISimd<V, T>
        {
            T* lanes = stackalloc T[V.Count];
            x.Store(lanes);
            return V.LoadPartial(lanes, count, default);
        }

        private readonly V Direction<V>(T* g, nint row, nint matrix, nint start, nint i, nint left) where V : unmanaged, ISimd<V, T>
        {
            V y = RowMath.Load<V, T>(g + i, left, default) * V.Broadcast(T.CreateTruncating(Buffers.Scale));
            if (!IsFactored) return y / V.Sqrt(RowMath.Load<V, T>((T*)Buffers.A.At(start) + i, left, V.Broadcast(T.One)));
            return V.Broadcast(RowFactors[row]) * RowMath.Load<V, T>(ColumnFactors + (matrix * Width) + i, left, default) * y;
        }

        private readonly double Size<V>(T* g, nint row, nint matrix, nint start, nint count) where V : unmanaged, ISimd<V, T>
        {
            V total = default;
            for (nint i = 0; i < count; i += V.Count)
            {
                V step = Direction<V>(g, row, matrix, start, i, count - i);
                total = V.MultiplyAdd(step, step, total);
            }
            return double.CreateTruncating(V.Sum(total));
        }

        private readonly void Step<V>(T* p, T* g, nint row, nint matrix, nint start, nint count) where V : unmanaged, ISimd<V, T>
        {
            var moments = Buffers.B.Address == 0 ? null : (T*)Buffers.B.At(start);
            V rate = V.Broadcast(Rate), keep = V.Broadcast(Keep), beta = V.Broadcast(Beta1), rest = V.Broadcast(Rest1);
            for (nint i = 0; i < count; i += V.Count)
            {
                var left = count - i;
                V step = Direction<V>(g, row, matrix, start, i, left) * rate;
                if (moments != null)
                {
                    step = V.MultiplyAdd(step, rest, RowMath.Load<V, T>(moments + i, left, default) * beta);
                    RowMath.Store(step, moments + i, left);
                }
                RowMath.Store((RowMath.Load<V, T>(p + i, left, default) * keep) - step, p + i, left);
                if (Buffers.ZeroGradients) RowMath.Store(default(V), g + i, left);
            }
        }
    }
}
