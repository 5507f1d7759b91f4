using NativeTrainer.Kernels.Cpu;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Kernels that treat rows give the same bits for any number of threads, also where they sum over rows.</summary>
[NonParallelizable]
public sealed class RowKernelTests
{
    private static readonly Backend Cpu = Backend.For(Device.Cpu);

    [Test]
    public void Layer_norm_backward_is_the_same_for_any_number_of_threads() => SameBits(() =>
    {
        Tensor x = Numbers(1, 3000, 70), g = Numbers(2, 3000, 70), w = Numbers(3, 70), mean = Tensor.Empty([3000]),
            rstd = Tensor.Empty([3000]);
        Tensor y = Tensor.Empty([3000, 70]), dx = Tensor.Empty([3000, 70]), dw = Numbers(4, 70), db = Numbers(5, 70);
        Cpu.LayerNorm(x, w, w, 1e-5, y, mean, rstd);
        Cpu.LayerNormBackward(g, x, w, mean, rstd, dx, dw, db);
        return [y, dx, dw, db];
    });

    [Test]
    public void Rms_norm_backward_is_the_same_for_any_number_of_threads() => SameBits(() =>
    {
        Tensor x = Numbers(1, 3000, 70), g = Numbers(2, 3000, 70), w = Numbers(3, 70), rstd = Tensor.Empty([3000]);
        Tensor y = Tensor.Empty([3000, 70]), dx = Tensor.Empty([3000, 70]), dw = Numbers(4, 70);
        Cpu.RmsNorm(x, w, 1e-5, y, rstd);
        Cpu.RmsNormBackward(g, x, w, rstd, dx, dw);
        return [y, dx, dw];
    });

    [Test]
    public void Embedding_backward_is_the_same_for_any_number_of_threads() => SameBits(() =>
    {
        var ids = Tensor.From(Enumerable.Range(0, 2000).Select(i => (long)(i * i % 13)).ToArray(), [2000]);
        var table = Numbers(1, 13, 300);
        Cpu.EmbeddingBackward(Numbers(2, 2000, 300), ids, 3, table);
        return [table];
    });

    [Test]
    public void Norms_and_dropout_are_the_same_for_any_number_of_threads() => SameBits(() =>
    {
        Tensor x = Numbers(1, 200_003), y = Tensor.Empty([200_003]), norms = Tensor.Zeros([3], DType.Float64);
        Cpu.SquaredNorm(x, norms.WithLayout(norms.Layout.Slice(0, 0, 1)));
        Cpu.PowerSum(x, 3, norms.WithLayout(norms.Layout.Slice(0, 1, 1)));
        Cpu.PowerSum(x, double.PositiveInfinity, norms.WithLayout(norms.Layout.Slice(0, 2, 1)));
        Cpu.Dropout(x, new DropoutSettings(0.3, 42, 7), y);
        return [norms, y];
    });

    [Test]
    public void Attention_weights_are_the_same_for_any_number_of_threads() => SameBits(() =>
    {
        Tensor scores = Numbers(1, 2, 3, 101, 103), gradient = Numbers(2, 2, 3, 101, 103), dropped = Tensor.Empty(scores.Shape);
        var (masking, dropout) = (new AttentionMasking(true, 2, double.NegativeInfinity, true), new DropoutSettings(0.2, 42, 7));
        Cpu.AttentionWeights(scores, default, default, masking, dropout, dropped);
        Cpu.AttentionWeightsBackward(scores, gradient, masking, dropout, default);
        return [scores, dropped, gradient];
    });

    private static Tensor Numbers(int seed, params ReadOnlySpan<long> sizes)
    {
        var random = new Random(seed);
        var tensor = Tensor.Empty(new Shape(sizes));
        foreach (ref var value in tensor.AsSpan<float>()) value = (float)((2 * random.NextDouble()) - 1);
        return tensor;
    }

    private static void SameBits(Func<Tensor[]> kernels)
    {
        var before = CpuThreadPool.ThreadCount;
        try
        {
            CpuThreadPool.ThreadCount = 1;
            var expected = kernels();
            foreach (var threads in (int[])[2, 3, 7])
            {
                CpuThreadPool.ThreadCount = threads;
                var found = kernels();
                for (var i = 0; i < found.Length; i++)
                {
                    Assert.That(
                        Bits(found[i]).SequenceEqual(Bits(expected[i])),
                        $"{threads} threads: result {i}, {found[i]}, is another than with one");
                }
            }
        }
        finally
        {
            CpuThreadPool.ThreadCount = before;
        }

        static unsafe ReadOnlySpan<byte> Bits(Tensor tensor) =>
            new((void*)tensor.Address, (int)tensor.ElementCount * tensor.DType.ByteSize);
    }
}
