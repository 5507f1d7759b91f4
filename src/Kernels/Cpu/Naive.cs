using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

// Placeholder loops until the elementwise drivers land; replaced in the next commits.
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Copy(Tensor source, Tensor destination) => Each(source, source, destination, (a, _) => a);
    /// <inheritdoc/>
    public override void Add(Tensor left, Tensor right, Tensor destination) => Each(left, right, destination, (a, b) => a + b);
    /// <inheritdoc/>
    public override void Mul(Tensor left, Tensor right, Tensor destination) => Each(left, right, destination, (a, b) => a * b);
    /// <inheritdoc/>
    public override void Fill(Tensor destination, double value) => Each(destination, destination, destination, (_, _) => value);
    /// <inheritdoc/>
    public override void Sum(Tensor source, Tensor destination)
    {
        Fill(destination, 0);
        var wide = destination.WithLayout(destination.Layout.Expand(source.Shape));
        Each(wide, source, wide, (a, b) => a + b);
    }
    private static double Get(Tensor t, long place) => t.DType switch
    {
        DType.Float32 => ((float*)t.Storage.Pointer)[place],
        DType.Float64 => ((double*)t.Storage.Pointer)[place],
        DType.Int64 => ((long*)t.Storage.Pointer)[place],
        _ => throw new NotSupportedException(),
    };
    private static void Set(Tensor t, long place, double v)
    {
        switch (t.DType)
        {
            case DType.Float32: ((float*)t.Storage.Pointer)[place] = (float)v; break;
            case DType.Float64: ((double*)t.Storage.Pointer)[place] = v; break;
            case DType.Int64: ((long*)t.Storage.Pointer)[place] = (long)v; break;
            default: throw new NotSupportedException();
        }
    }
    private static void Each(Tensor a, Tensor b, Tensor d, Func<double, double, double> f)
    {
        var n = d.ElementCount;
        for (long i = 0; i < n; i++) Set(d, Place(d, i), f(Get(a, Place(a, i)), Get(b, Place(b, i))));
    }
    private static long Place(Tensor t, long i)
    {
        var p = t.Layout.Offset;
        for (var x = t.Rank - 1; x >= 0; x--) { p += i % t.Size(x) * t.Layout.Stride(x); i /= t.Size(x); }
        return p;
    }
}
