using NativeTrainer.Kernels.Cpu;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>
/// What all optimizer kernels have in common: the same bits for any number of threads, float32 near float64, 16-bit buffers, skipped
/// updates. What they compute is compared with PyTorch's numbers in the Trainer's tests.
/// </summary>
public sealed class OptimizerKernelTests
{
    private const int Rows = 301, Columns = 233, Count = Rows * Columns; // several chunks, and rests

    private static readonly (string Name, Action<Data> Step)[] Kernels =
    [
        ("AdamW", d => Of(d).AdamW(d.Parameters, d.Gradients, d.A, d.B, new() { LearningRate = 0.01, WeightDecay = 0.1, Step = d.Step })),
        ("AdamW hf", d => Of(d).AdamW(d.Parameters, d.Gradients, d.A, d.B, new() { Variant = AdamWVariant.Transformers, Step = d.Step })),
        ("AdamW amsgrad", d => Of(d).AdamW(d.Parameters, d.Gradients, d.A, d.B, new() { Step = d.Step }, d.C)),
        ("Sgd", d => Of(d).Sgd(d.Parameters, d.Gradients, d.A, new(0.01) { Momentum = 0.9, Nesterov = true, IsFirst = d.Step == 1 })),
        ("Adagrad", d => Of(d).Adagrad(d.Parameters, d.Gradients, d.A, new(0.01) { WeightDecay = 0.1 })),
        ("RmsProp", d => Of(d).RmsProp(d.Parameters, d.Gradients, d.A, d.B, d.C, new(0.01) { Momentum = 0.5 })),
        ("Lion", d => Of(d).Lion(d.Parameters, d.Gradients, d.A, new(0.01) { WeightDecay = 0.1 })),
        ("AdEMAMix", d => Of(d).AdEMAMix(d.Parameters, d.Gradients, d.A, d.B, d.C, new(0.01, d.Step) { Beta3 = 0.99 })),
        ("ScheduleFree", d => Of(d).ScheduleFreeAdamW(d.Parameters, d.Gradients, d.A, d.B, new(0.01, d.Step) { Share = 0.5 })),
        ("StableAdamW", d => Of(d).StableAdamW(d.Parameters, d.Gradients, d.A, d.B, new(0.01, d.Step) { WeightDecay = 0.1 })),
        ("Adafactor", d => Of(d).Adafactor(d.Parameters, d.Gradients, d.Rows, d.Columns, default, d.A, d.Rms, new(0.01, d.Step) { Beta1 = 0.5 })),
        ("Adafactor vector", d => Of(d).Adafactor(d.Parameters, d.Gradients, default, default, d.A, default, d.Rms, new(0.01, d.Step))),
    ];

    private static readonly (string Name, Action<Data> Step)[] Blockwise =
    [
        ("AdamW8Bit", d => Of(d).AdamW8Bit(d.Parameters, d.Gradients, d.First, d.Second, new() { LearningRate = 0.01, Step = d.Step })),
        ("Lion8Bit", d => Of(d).Lion8Bit(d.Parameters, d.Gradients, d.First, new(0.01))),
        ("AdEMAMix8Bit", d => Of(d).AdEMAMix8Bit(d.Parameters, d.Gradients, d.First, d.Third, d.Second, new(0.01, d.Step))),
    ];

    public static IEnumerable<string> Names() => Kernels.Select(kernel => kernel.Name);

    public static IEnumerable<string> AllNames() => Kernels.Concat(Blockwise).Select(kernel => kernel.Name);

    [TestCaseSource(nameof(AllNames))]
    [NonParallelizable]
    public void Threads_do_not_change_a_bit(string name)
    {
        var threads = CpuThreadPool.ThreadCount;
        try
        {
            CpuThreadPool.ThreadCount = 1;
            var one = Run(name, DType.Float32);
            CpuThreadPool.ThreadCount = 5;
            var several = Run(name, DType.Float32);
            Assert.That(several.Parameters.ToArray<float>(), Is.EqualTo(one.Parameters.ToArray<float>()));
            Assert.That(several.A.ToArray<float>(), Is.EqualTo(one.A.ToArray<float>()));
            Assert.That(several.First.Codes.ToArray<byte>(), Is.EqualTo(one.First.Codes.ToArray<byte>()));
        }
        finally
        {
            CpuThreadPool.ThreadCount = threads;
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Single_precision_is_near_double_and_gradients_are_cleared(string name)
    {
        var (single, twice) = (Run(name, DType.Float32), Run(name, DType.Float64));
        var (a, b) = (single.Parameters.ToArray<float>(), twice.Parameters.ToArray<double>());
        for (var i = 0; i < a.Length; i++) Assert.That(a[i], Is.EqualTo(b[i]).Within(2e-5), $"{name} [{i}]");
        Assert.That(single.Gradients.Values.ToArray<float>(), Is.All.Zero);
        Assert.That(b, Is.Not.EqualTo(new Data(DType.Float64).Parameters.ToArray<double>()));
    }

    [TestCaseSource(nameof(Names))]
    public void Buffers_of_16_bits_are_rounded(string name)
    {
        if (name is "StableAdamW" || name.StartsWith("Adafactor", StringComparison.Ordinal))
        {
            Assert.That(() => Run(name, DType.BFloat16), Throws.TypeOf<NotSupportedException>().With.Message.Contains("bfloat16"));
            return;
        }
        var (narrow, wide) = (Run(name, DType.BFloat16, steps: 1), Run(name, DType.Float32, steps: 1));
        var found = Tensor.Empty(narrow.Parameters.Shape);
        Backend.For(found).Copy(narrow.Parameters, found);
        var (a, b) = (found.ToArray<float>(), wide.Parameters.ToArray<float>());
        for (var i = 0; i < a.Length; i++) Assert.That(a[i], Is.EqualTo(b[i]).Within(0.03), $"{name} [{i}]");
    }

    [TestCaseSource(nameof(AllNames))]
    public void A_skipped_update_only_clears_gradients(string name)
    {
        var data = new Data(DType.Float32, skip: 1);
        var before = data.Parameters.ToArray<float>();
        data.Step = 1;
        Kernels.Concat(Blockwise).Single(kernel => kernel.Name == name).Step(data);
        Assert.That(data.Parameters.ToArray<float>(), Is.EqualTo(before));
        Assert.That(data.A.ToArray<float>(), Is.All.Zero);
        Assert.That(data.First.AbsMax.ToArray<float>(), Is.All.Zero);
        Assert.That(data.Gradients.Values.ToArray<float>(), Is.All.Zero);
    }

    private static Data Run(string name, DType dtype, int steps = 3)
    {
        var data = new Data(dtype);
        for (data.Step = 1; data.Step <= steps; data.Step++)
        {
            data.Fill(data.Step);
            Kernels.Concat(Blockwise).Single(kernel => kernel.Name == name).Step(data);
        }
        return data;
    }

    private static Backend Of(Data data) => Backend.For(data.Parameters);

    private sealed class Data
    {
        private const int BlockSize = 256;

        public Data(DType dtype, float skip = 0)
        {
            Parameters = Tensor.Empty([OptimizerKernelTests.Rows, OptimizerKernelTests.Columns], dtype);
            Set(Parameters, i => Math.Cos(i * 0.7));
            Gradients = new(Tensor.Zeros(Parameters.Shape, dtype))
            {
                Scale = Tensor.From([0.5f], []), Skip = Tensor.From([skip], []), Zero = true,
            };
            Fill(0);
            (A, B, C) = (Tensor.Zeros(Parameters.Shape, dtype), Tensor.Zeros(Parameters.Shape, dtype), Tensor.Zeros(Parameters.Shape, dtype));
            Rows = Tensor.Zeros([OptimizerKernelTests.Rows], dtype);
            Columns = Tensor.Zeros([OptimizerKernelTests.Columns], dtype);
            Rms = Tensor.Zeros([], dtype);
            (First, Second, Third) = (Codes(), Codes(), Codes());
        }

        public long Step { get; set; }

        public Tensor Parameters { get; }

        public UpdateGradients Gradients { get; }

        public Tensor A { get; }

        public Tensor B { get; }

        public Tensor C { get; }

        public Tensor Rows { get; }

        public Tensor Columns { get; }

        public Tensor Rms { get; }

        public QuantizedState First { get; }

        public QuantizedState Second { get; }

        public QuantizedState Third { get; }

        public void Fill(long step) => Set(Gradients.Values, i => Math.Sin((i * 0.37) + step) * (1 + (i % 5)));

        private static void Set(Tensor tensor, Func<int, double> value)
        {
            var wide = Tensor.From([.. Enumerable.Range(0, Count).Select(value)], tensor.Shape);
            Backend.For(tensor).Copy(wide, tensor);
        }

        private static QuantizedState Codes() => new(
            Tensor.Zeros([Count], DType.UInt8), Tensor.Zeros([QuantizedState.Blocks(Count, BlockSize)]), BlockSize);
    }
}
