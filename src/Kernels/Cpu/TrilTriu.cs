using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Tril(Tensor source, long diagonal, Tensor destination) =>
        Triangle(source, long.MinValue / 2, diagonal, destination);

    /// <inheritdoc/>
    public override void Triu(Tensor source, long diagonal, Tensor destination) =>
        Triangle(source, diagonal, long.MaxValue / 2, destination);

    // Keeps the columns from row + first to row + last of each row.
    private static void Triangle(Tensor source, long first, long last, Tensor destination)
    {
        var job = new TriangleJob
        {
            Source = new Lines(source),
            Destination = new Lines(destination),
            Rows = (nint)source.Size(-2),
            First = first,
            Last = last,
            Size = source.DType.ByteSize,
        };
        CpuThreadPool.For(job.Source.Count, CpuThreadPool.GrainFor(job.Source.Length), job);
    }

    private struct TriangleJob : IParallelJob
    {
        public Lines Source, Destination;
        public nint Rows;
        public long First, Last;
        public int Size;

        public readonly void Execute(nint begin, nint end)
        {
            var (length, zero) = (Source.Length, 0L);
            for (var line = begin; line < end; line++)
            {
                var row = line % Rows;
                var from = (nint)Math.Clamp(row + First, 0, length);
                var to = (nint)Math.Clamp(row + Last + 1, from, length);
                nint sourceStep = Source.Step, step = Destination.Step;
                byte* source = Source[line], destination = Destination[line];
                Strides.Copy((byte*)&zero, 0, destination, step, from, Size);
                Strides.Copy(source + (from * sourceStep), sourceStep, destination + (from * step), step, to - from, Size);
                Strides.Copy((byte*)&zero, 0, destination + (to * step), step, length - to, Size);
            }
        }
    }
}
