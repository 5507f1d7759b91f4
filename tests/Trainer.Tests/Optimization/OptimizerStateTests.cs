using System.Text.Json;
using NativeTrainer.Autograd;
using NativeTrainer.Checkpoints;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Optimization;

/// <summary>What optimizers write into optimizer.pt, and that they go on from it to the bit.</summary>
public sealed class OptimizerStateTests
{
    private static IEnumerable<string> Names() =>
        EnumNames.OptimizerNames.Values.Where(name => name is not ("adamw_torch_xla" or "adamw_torch_npu_fused"));

    private static IEnumerable<TestCaseData> Options() =>
    [
        .. Names().Select(name => new TestCaseData(name, null)),
        new("sgd", "momentum=0.9,nesterov=true"), new("rmsprop", "momentum=0.5, centered=True"), new("adagrad", "lr_decay=0.1"),
        new("adafactor", "beta1=0.9,scale_parameter=True"), new("adafactor", "relative_step=True,warmup_init=True,scale_parameter=True"),
        new("adamw_torch", "amsgrad=True"), new("adamw_hf", "correct_bias=False"),
        new("adamw_anyprecision", "use_kahan_summation=True,momentum_dtype=bfloat16,variance_dtype=bfloat16"),
        new("adamw_bnb_8bit", "min_8bit_size=0,blocksize=64"), new("ademamix", "t_alpha=10,t_beta3=10"), new("muon", "adjust_lr_fn=original"),
    ];

    [TestCaseSource(nameof(Options))]
    public void A_training_goes_on_from_the_file_to_the_bit(string name, string? options)
    {
        using var folder = new TemporaryFolder();
        var (whole, path) = (new Training(name, options), folder["optimizer.pt"]);
        whole.Run(0, 3);
        whole.Optimizer.Eval(); // as before the weights are saved
        whole.Optimizer.ToFile().Save(path);
        var resumed = new Training(name, options);
        for (var i = 0; i < resumed.Parameters.Length; i++) resumed.Parameters[i].CopyFrom(whole.Parameters[i].Value);
        using (var file = OptimizerFile.Open(path)) resumed.Optimizer.Load(file, path);
        whole.Run(3, 7);
        resumed.Run(3, 7);
        for (var i = 0; i < resumed.Parameters.Length; i++)
        {
            Assert.That(resumed.Parameters[i].Value.ToArray<float>(), Is.EqualTo(whole.Parameters[i].Value.ToArray<float>()), $"parameter {i}");
        }
        var (ours, theirs) = (resumed.Optimizer.ToFile(), whole.Optimizer.ToFile());
        Assert.That(ours.State.Keys, Is.EqualTo(theirs.State.Keys));
        foreach (var (number, state) in theirs.State)
        {
            Assert.That(ours.State[number].Keys, Is.EqualTo(state.Keys));
            foreach (var key in state.Keys.Where(key => state[key] is TorchTensor))
            {
                Assert.That(Bytes(ours.State[number].Tensor(key)), Is.EqualTo(Bytes(state.Tensor(key))), $"{key} of {number}");
            }
        }
    }

    [TestCaseSource(nameof(Names))]
    public void The_loss_falls(string name)
    {
        var training = new Training(name, null, rate: name is "sgd" or "adagrad" ? 0.1 : 0.02);
        var first = training.Loss();
        for (var step = 0; step < 60; step++) training.Descend();
        training.Optimizer.Eval();
        Assert.That(training.Loss(), Is.LessThan(0.7 * first));
    }

    [TestCase("adamw_torch")]
    [TestCase("adamw_torch_fused")]
    [TestCase("adamw_hf")]
    [TestCase("adafactor")]
    [TestCase("sgd")]
    [TestCase("adagrad")]
    [TestCase("rmsprop")]
    public void The_files_keys_are_those_of_torch(string name)
    {
        var golden = Golden.Json("checkpoints/states.json").GetProperty("optimizers").GetProperty(name);
        var training = new Training(name, null);
        foreach (var of in training.Optimizer.Groups) of.InitialLearningRate = of.LearningRate; // as a schedule does
        training.Run(0, 2);
        var file = training.Optimizer.ToFile();
        var group = golden.GetProperty("param_groups")[0];
        Assert.That(file.Groups[0].Keys, Is.EqualTo(group.EnumerateObject().Select(property => property.Name)));
        foreach (var property in group.EnumerateObject().Where(property => property.Name is not ("lr" or "weight_decay" or "initial_lr" or "params")))
        {
            var found = file.Groups[0][property.Name];
            Golden.AssertEqual(found is object?[] list ? list.ToList() : found, Golden.Plain(property.Value), property.Name);
        }
        CheckState(golden.GetProperty("state of parameter 0 (matrix 256×64)"), 0);
        CheckState(golden.GetProperty("state of parameter 10 (vector 64)"), 2);

        void CheckState(JsonElement expected, long number)
        {
            var names = expected.EnumerateObject().Select(property => property.Name).ToList();
            Assert.That(file.State.ContainsKey(number), Is.EqualTo(names.Count > 0));
            if (names.Count == 0) return;
            Assert.That(file.State[number].Keys, Is.EqualTo(names));
            foreach (var entry in expected.EnumerateObject())
            {
                var isTensor = entry.Value.TryGetProperty("dtype", out _);
                Assert.That(file.State[number][entry.Name] is TorchTensor, Is.EqualTo(isTensor), entry.Name);
                if (!isTensor) continue;
                Assert.That(file.State[number].Tensor(entry.Name).Shape.Rank, Is.EqualTo(entry.Value.GetProperty("shape").GetArrayLength()));
            }
        }
    }

    [Test]
    public void A_state_of_other_settings_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder["optimizer.pt"];
        Refused("sgd", "momentum=0.9", "sgd", null, "momentum");
        Refused("adamw_torch", "amsgrad=True", "adamw_torch", null, "amsgrad");
        Refused("adamw_torch", null, "adafactor", null, "eps");
        Refused("adamw_bnb_8bit", "min_8bit_size=0", "adamw_bnb_8bit", null, "state1");

        void Refused(string wrote, string? wrotes, string reads, string? readss, string key)
        {
            var writer = new Training(wrote, wrotes);
            writer.Run(0, 1);
            writer.Optimizer.ToFile().Save(path);
            using var file = OptimizerFile.Open(path);
            Assert.That(() => new Training(reads, readss).Optimizer.Load(file, path),
                Throws.TypeOf<CheckpointException>().With.Message.Contains(key).And.Message.Contains(path));
        }
    }

    private static byte[] Bytes(TorchTensor tensor)
    {
        var copy = tensor.ToTensor();
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.DType switch
        {
            DType.UInt8 => copy.AsSpan<byte>(),
            DType.BFloat16 => System.Runtime.InteropServices.MemoryMarshal.AsBytes(copy.AsSpan<BFloat16>()),
            _ => System.Runtime.InteropServices.MemoryMarshal.AsBytes(copy.AsSpan<float>()),
        }).ToArray();
    }

    /// <summary>Three weights, one of them large enough for 8 bits, towards targets, by gradients that are drawn or true.</summary>
    private sealed class Training
    {
        private readonly Tensor[] _targets;

        public Training(string name, string? options, double rate = 0.01)
        {
            Assert.That(EnumNames.OptimizerNames.TryParse(name, out var optim));
            Parameters = [new(Drawn(1, [70, 64])), new(Drawn(2, [9, 4])), new(Drawn(3, [33]))];
            _targets = [.. Parameters.Select((parameter, i) => Drawn(20 + (ulong)i, parameter.Shape))];
            var args = new TrainingArguments("out") { Optim = optim, OptimArgs = options };
            Optimizer = Optimizers.Create(args, [new(Parameters[..2], rate, 0.1), new(Parameters[2..], rate, 0)]);
        }

        public Parameter[] Parameters { get; }

        public Optimizer Optimizer { get; }

        public void Run(int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                Optimizer.Train();
                for (var i = 0; i < Parameters.Length; i++)
                {
                    if (step == 1 && i == 1) continue; // this one has no gradient, so its count of steps lags behind
                    Parameters[i].Grad!.Value.CopyFrom(Drawn((ulong)((100 * step) + i + 50), Parameters[i].Shape));
                    Parameters[i].HasGradient = true;
                }
                Optimizer.Step(maxGradientNorm: 10);
            }
        }

        public void Descend()
        {
            Optimizer.Train();
            for (var i = 0; i < Parameters.Length; i++)
            {
                using var silent = NoGrad.Enter();
                Parameters[i].Grad!.Value.CopyFrom(Parameters[i].Value - _targets[i]);
            }
            Optimizer.Step();
        }

        public double Loss()
        {
            using var silent = NoGrad.Enter();
            return Parameters.Select((parameter, i) =>
            {
                var away = parameter.Value - _targets[i];
                return (double)(away * away).Sum().Item<float>();
            }).Sum();
        }

        private static Tensor Drawn(ulong seed, Shape shape)
        {
            var tensor = Tensor.Empty(shape);
            new TorchGenerator(seed).Normal(tensor.AsSpan<float>());
            return tensor;
        }
    }
}
