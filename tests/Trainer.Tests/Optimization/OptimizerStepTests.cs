using NativeTrainer.Autograd;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Optimization;

/// <summary>Which parameters a step touches, clipping, unscaling, skipping, and the names and settings of optimizers.</summary>
public sealed class OptimizerStepTests
{
    private static readonly OptimizerNames[] Names =
        [.. Enum.GetValues<OptimizerNames>().Where(name => Optimizers.Refusal(name) is null)];

    [TestCaseSource(nameof(Names))]
    public void Infinite_gradients_under_a_loss_scale_change_nothing(OptimizerNames name)
    {
        foreach (var bad in (float[])[float.PositiveInfinity, float.NegativeInfinity, float.NaN])
        {
            var (parameters, optimizer) = Make(name);
            var inverse = Tensor.From([0.25f], []);
            Give(parameters, 4);
            optimizer.Step(1, inverse);
            Assert.That(optimizer.LastStepSkipped, Is.False);
            var before = parameters.Select(parameter => parameter.Value.ToArray<float>()).ToArray();
            Give(parameters, 4);
            parameters[1].Grad!.Value.AsSpan<float>()[2] = bad;
            optimizer.Step(1, inverse);
            Assert.That(optimizer.LastStepSkipped);
            Assert.That(optimizer.StepCount, Is.EqualTo(1));
            Assert.That(parameters.Select(parameter => parameter.Value.ToArray<float>()), Is.EqualTo(before));
            Assert.That(parameters[1].Grad!.Value.ToArray<float>(), Is.All.Zero);

            // What was skipped has left no trace.
            var (others, other) = Make(name);
            Give(others, 4);
            other.Step(1, inverse);
            Give(parameters, 8);
            Give(others, 8);
            optimizer.Step(1, inverse);
            other.Step(1, inverse);
            Assert.That(parameters[0].Value.ToArray<float>(), Is.EqualTo(others[0].Value.ToArray<float>()));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void A_loss_scale_of_a_power_of_2_changes_no_bit(OptimizerNames name)
    {
        var (scaled, optimizer) = Make(name);
        var (plain, other) = Make(name);
        for (var step = 0; step < 3; step++)
        {
            Give(scaled, 64);
            Give(plain, 1);
            optimizer.Step(inverseScale: Tensor.From([1 / 64f], []));
            other.Step();
            for (var i = 0; i < plain.Length; i++) Assert.That(scaled[i].Value.ToArray<float>(), Is.EqualTo(plain[i].Value.ToArray<float>()));
        }
    }

    [Test]
    public void Clipping_sees_the_unscaled_norm()
    {
        var (scaled, optimizer) = Make(OptimizerNames.Sgd);
        var (plain, other) = Make(OptimizerNames.Sgd);
        Give(scaled, 1024);
        Give(plain, 1);
        optimizer.Step(0.5, Tensor.From([1 / 1024f], []));
        other.Step(0.5);
        Assert.That(optimizer.LastGradientNorm, Is.EqualTo(other.LastGradientNorm).Within(1e-6));
        Assert.That(scaled[0].Value.ToArray<float>(), Is.EqualTo(plain[0].Value.ToArray<float>()).Within(1e-7));
    }

    [TestCaseSource(nameof(Names))]
    public void A_parameter_that_no_gradient_came_to_stays(OptimizerNames name)
    {
        var (parameters, optimizer) = Make(name);
        for (var step = 0; step < 2; step++)
        {
            (parameters[0].Value * parameters[0].Value).Sum().Backward();
            (parameters[2].Value * 3.0).Sum().Backward();
            Assert.That(parameters.Select(parameter => parameter.HasGradient), Is.EqualTo([true, false, true]));
            var before = parameters.Select(parameter => parameter.Value.ToArray<float>()).ToArray();
            optimizer.Step();
            Assert.That(parameters.Select((parameter, i) => parameter.Value.ToArray<float>().AsSpan().SequenceEqual(before[i])),
                Is.EqualTo([false, true, false]));
            Assert.That(parameters.Select(parameter => parameter.HasGradient), Is.All.False);
        }
        Assert.That(optimizer.ToFile().State.Keys, Is.SubsetOf([0L, 2L]));
    }

    [TestCase("adamw_anyprecision", "use_kahan_sumation=True", "use_kahan_summation")]
    [TestCase("sgd", "lr=1", "momentum")]
    [TestCase("lion_32bit", "momentum=0.5", "nothing")]
    [TestCase("adamw_anyprecision", "momentum_dtype=float64", "bfloat16")]
    [TestCase("sgd", "momentum", "name=value")]
    [TestCase("sgd", "momentum=much", "a number")]
    [TestCase("sgd", "nesterov=maybe", "True or False")]
    [TestCase("sgd", "nesterov=True", "momentum")]
    [TestCase("adafactor", "warmup_init=True", "relative_step")]
    [TestCase("adamw_8bit", "blocksize=0", "1 up")]
    public void Settings_that_an_optimizer_does_not_know_are_refused(string name, string settings, string expected)
    {
        EnumNames.OptimizerNames.TryParse(name, out var optim);
        var args = new TrainingArguments("out") { Optim = optim, OptimArgs = settings };
        Assert.That(() => Optimizers.Create(args, [new([new(Tensor.Zeros([3]))], 0.1, 0)]),
            Throws.TypeOf<InvalidArgumentException>().With.Message.Contains(expected));
    }

    [Test]
    public void Settings_are_parsed_as_Transformers_does()
    {
        var args = new TrainingArguments("out")
        {
            Optim = OptimizerNames.AdamwAnyprecision, OptimArgs = "use_kahan_summation = true, momentum_dtype=bfloat16",
        };
        var group = new ParameterGroup([new(Tensor.Zeros([3]))], 0.1, 0);
        var optimizer = Optimizers.Create(args, [group]);
        optimizer.Step();
        var state = optimizer.ToFile().State[0];
        Assert.That(state.Keys, Is.EqualTo(["step", "exp_avg", "exp_avg_sq", "compensation"]));
        Assert.That(state.Tensor("exp_avg").DType, Is.EqualTo(DType.BFloat16));
        Assert.That(state.Tensor("exp_avg_sq").DType, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void The_old_flag_means_adafactor()
    {
        var args = new TrainingArguments("out") { Adafactor = true, Optim = OptimizerNames.Sgd };
        args.Complete();
        SupportedArguments.Check(args);
        Assert.That(Optimizers.Create(args, [new([new(Tensor.Zeros([3]))], 0.1, 0)]), Is.TypeOf<Adafactor>());
    }

    private static (Parameter[] Parameters, Optimizer Optimizer) Make(OptimizerNames name)
    {
        Parameter[] parameters = [new(Tensor.Full([80, 64], 0.5f)), new(Tensor.Full([9], 0.25f)), new(Tensor.Full([3, 5], -0.5f))];
        var groups = new ParameterGroup[] { new(parameters[..2], 0.01, 0.1), new(parameters[2..], 0.01, 0) };
        return (parameters, Optimizers.Create(new TrainingArguments("out") { Optim = name }, groups));
    }

    private static void Give(Parameter[] parameters, float scale)
    {
        foreach (var parameter in parameters)
        {
            var gradient = parameter.Grad!.Value.AsSpan<float>();
            for (var i = 0; i < gradient.Length; i++) gradient[i] = scale * (0.01f + (0.001f * (i % 7)));
        }
    }
}
