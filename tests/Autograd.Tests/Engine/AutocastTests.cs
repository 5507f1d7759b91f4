using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Engine;

/// <summary>Which operations run in the low dtype, which in float32, and that weights and gradients stay float32.</summary>
public sealed class AutocastTests
{
    private static Tensor Values(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        return Tensor.From(Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray(), new Shape(shape));
    }

    [Test]
    public void Products_run_in_the_low_dtype([Values(DType.BFloat16, DType.Float16)] DType low)
    {
        Tensor x = Values(1, 3, 8), weight = Values(2, 4, 8), bias = Values(3, 4), heads = Values(4, 1, 2, 3, 4);
        using var scope = Autocast.Enter(low);
        Assert.That(x.Linear(weight, bias).DType, Is.EqualTo(low));
        Assert.That(x.Conv1D(Values(5, 8, 4), bias).DType, Is.EqualTo(low));
        Assert.That(x.MatMul(Values(6, 8, 2)).DType, Is.EqualTo(low));
        Assert.That(Tensor.Attention(heads, heads, heads).Output.DType, Is.EqualTo(low));
        Assert.That(Tensor.ScaledDotProductAttention(heads, heads, heads, Values(7, 3, 3)).DType, Is.EqualTo(low));
    }

    [Test]
    public void Everything_else_keeps_what_it_gets()
    {
        Tensor x = Values(1, 3, 8), low = x.To(DType.BFloat16), norm = Values(2, 8);
        using var scope = Autocast.Enter(DType.BFloat16);
        foreach (var tensor in (Tensor[])[x, low])
        {
            Assert.That(tensor.Softmax(-1).DType, Is.EqualTo(tensor.DType));
            Assert.That(tensor.Gelu().DType, Is.EqualTo(tensor.DType));
            Assert.That(tensor.LayerNorm(norm, norm).DType, Is.EqualTo(tensor.DType));
        }
        Assert.That(Tensor.From([1.0], [1]).MatMul(Tensor.From([2.0], [1])).DType, Is.EqualTo(DType.Float64), "float64 is left alone");
    }

    [Test]
    public void Losses_run_in_float32()
    {
        Tensor logits = Values(1, 3, 8).To(DType.BFloat16), classes = Tensor.From([1L, 2L, 0L], [3]);
        using var scope = Autocast.Enter(DType.BFloat16);
        Assert.That(logits.CrossEntropy(classes).DType, Is.EqualTo(DType.Float32));
        Assert.That(logits.MseLoss(Values(2, 3, 8)).DType, Is.EqualTo(DType.Float32));
        Assert.That(logits.BceWithLogits(Values(2, 3, 8)).DType, Is.EqualTo(DType.Float32));
        Assert.That(logits.LabelSmoothedLoss(classes).DType, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void Where_two_dtypes_meet_the_wider_wins_in_a_scope_and_is_refused_outside()
    {
        Tensor x = Values(1, 8), low = x.To(DType.BFloat16);
        Assert.That(() => x + low, Throws.ArgumentException.With.Message.Contains("float32 and bfloat16 differ"));
        using var scope = Autocast.Enter(DType.BFloat16);
        foreach (var sum in (Tensor[])[x + low, low - x, x * low, low / x, x.Maximum(low), Tensor.Where(x.Greater(low), x, low)])
        {
            Assert.That(sum.DType, Is.EqualTo(DType.Float32));
        }
        Assert.That(Tensor.Concat([low, x]).DType, Is.EqualTo(DType.Float32));
        Assert.That(Tensor.Stack([low, x]).DType, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void Gradients_of_weights_are_float32_of_the_rounded_operands()
    {
        Tensor x = Values(1, 16, 8), weight = Values(2, 4, 8).WithGrad(), plain = weight.Detach().To(DType.BFloat16).WithGrad();
        using (Autocast.Enter(DType.BFloat16)) x.Linear(weight).To(DType.Float32).Sum().Backward();
        x.To(DType.BFloat16).Linear(plain).To(DType.Float32).Sum().Backward();
        Assert.That(weight.Grad!.Value.DType, Is.EqualTo(DType.Float32));
        Assert.That(weight.Grad!.Value.ToArray<float>(), Is.EqualTo(plain.Grad!.Value.To(DType.Float32).ToArray<float>()));
    }

    [Test]
    public void A_weight_is_converted_once_in_a_scope_and_again_after_a_change()
    {
        var weight = Values(1, 4, 4).WithGrad();
        using (Autocast.Enter(DType.BFloat16))
        {
            var first = Autocast.Lower(weight);
            Assert.That(Autocast.Lower(weight).Address, Is.EqualTo(first.Address));
            weight.MarkChanged();
            Assert.That(Autocast.Lower(weight).Address, Is.Not.EqualTo(first.Address));
        }
        using (NoGrad.Enter())
        using (Autocast.Enter(DType.BFloat16))
        {
            var silent = Autocast.Lower(weight);
            using var recording = GradientMode.Set(true);
            Assert.That(silent.RequiresGrad, Is.False);
            Assert.That(Autocast.Lower(weight).RequiresGrad, Is.True);
        }
    }

    [Test]
    public void Scopes_nest_and_belong_to_their_thread()
    {
        using (Autocast.Enter(DType.BFloat16))
        {
            using (Autocast.Enter(null)) Assert.That(Autocast.LowDType, Is.Null);
            Assert.That(Autocast.LowDType, Is.EqualTo(DType.BFloat16));
            DType? other = DType.Int8;
            var thread = new Thread(() => other = Autocast.LowDType);
            thread.Start();
            thread.Join();
            Assert.That(other, Is.Null);
        }
        Assert.That(Autocast.LowDType, Is.Null);
        Assert.That(() => { Autocast.Enter(DType.Float64); }, Throws.ArgumentException.With.Message.Contains("float64"));
    }

    [Test]
    public void A_checkpointed_segment_runs_again_in_the_same_precision()
    {
        Tensor x = Values(1, 6, 8), weight = Values(2, 8, 8).WithGrad();
        var expected = Gradient(input => Layer(input));
        Assert.That(Gradient(input => Checkpoint.Run(Layer, input)), Is.EqualTo(expected));

        Tensor Layer(Tensor input) => (input.Linear(weight).Gelu() + input).Linear(weight);

        float[] Gradient(Func<Tensor, Tensor> model)
        {
            weight.SetGrad(null);
            Tensor loss;
            using (Autocast.Enter(DType.BFloat16)) loss = model(x).MseLoss(x);
            loss.Backward();
            return weight.Grad!.Value.ToArray<float>();
        }
    }

    [Test]
    public void A_backward_pass_inside_the_scope_gives_the_same()
    {
        Tensor x = Values(1, 6, 8), weight = Values(2, 8, 8).WithGrad();
        using (Autocast.Enter(DType.BFloat16))
        {
            x.Linear(weight).MseLoss(x).Backward();
            var inside = weight.Grad!.Value.ToArray<float>();
            weight.SetGrad(null);
            var loss = x.Linear(weight).MseLoss(x);
            using (Autocast.Enter(null)) loss.Backward();
            Assert.That(weight.Grad!.Value.ToArray<float>(), Is.EqualTo(inside));
        }
    }

    [Test]
    public void A_mask_of_the_lowest_float_hides_without_nan()
    {
        Tensor heads = Values(1, 1, 1, 3, 4), mask = Tensor.From([0f, 0f, float.MinValue], [1, 1, 1, 3]);
        using var scope = Autocast.Enter(DType.Float16);
        var (output, weights) = Tensor.Attention(heads, heads, heads, mask);
        Assert.That(output.To(DType.Float32).ToArray<float>(), Has.All.Matches<float>(float.IsFinite));
        Assert.That(weights.To(DType.Float32).ToArray<float>()[2], Is.Zero);
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(
        inputs =>
        {
            using var scope = Autocast.Enter(DType.BFloat16);
            return (inputs[0].Linear(inputs[1]).Gelu() + inputs[0]).LayerNorm().MseLoss(inputs[0]);
        },
        Values(1, 6, 8), Values(2, 8, 8));
}
