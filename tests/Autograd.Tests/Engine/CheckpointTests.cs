using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Engine;

/// <summary>A checkpointed segment gives the same numbers and gradients as a plain one, with less memory.</summary>
public sealed class CheckpointTests
{
    private readonly Tensor _weight = Values(1, 64).WithGrad();
    private readonly Tensor _input = Values(2, 64).WithGrad();

    private static Tensor Values(int seed, int count)
    {
        var random = new Random(seed);
        return Tensor.From(Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5).ToArray(), [count]);
    }

    private Tensor Layer(Tensor x)
    {
        for (var i = 0; i < 4; i++) x = (x * _weight) + (x * x) + x.Dropout(0.3);
        return x;
    }

    private (double Loss, double[] Weight, double[] Input, ulong Offset) Step(Func<Tensor, Tensor> model)
    {
        RandomState.ManualSeed(3);
        if (_weight.RequiresGrad) _weight.SetGrad(null);
        if (_input.RequiresGrad) _input.SetGrad(null);
        var loss = model(_input).Sum();
        loss.Backward();
        return (loss.Item<double>(), _weight.Grad!.Value.ToArray<double>(), _input.Grad?.ToArray<double>() ?? [], RandomState.Current.Offset);
    }

    private void AssertSame(Func<Tensor, Tensor> model, Func<Tensor, Tensor> plain)
    {
        var expected = Step(plain);
        var found = Step(model);
        Assert.That(found.Loss, Is.EqualTo(expected.Loss));
        Assert.That(found.Weight, Is.EqualTo(expected.Weight).Within(1e-14));
        Assert.That(found.Input, Is.EqualTo(expected.Input).Within(1e-14));
        Assert.That(found.Offset, Is.EqualTo(expected.Offset), "the second run leaves the random state as it was");
    }

    [Test]
    public void The_numbers_are_those_of_a_plain_run([Values] bool pooled)
    {
        using var pool = new TensorPool();
        using var scope = pooled ? pool.Enter() : TensorPool.Suspend();
        AssertSame(x => Checkpoint.Run(Layer, Checkpoint.Run(Layer, x)), x => Layer(Layer(x)));
    }

    [Test]
    public void Checkpoints_nest() =>
        AssertSame(x => Checkpoint.Run(y => Layer(Checkpoint.Run(Layer, Layer(y))), x), x => Layer(Layer(Layer(x))));

    [Test]
    public void Parameters_used_inside_and_outside_get_both_gradients() =>
        AssertSame(x => Checkpoint.Run(Layer, x * _weight) * _weight, x => Layer(x * _weight) * _weight);

    [Test]
    public void An_input_used_twice_gets_both_gradients() =>
        AssertSame(x => Checkpoint.Run(inputs => inputs[0] * inputs[1], x, x) + Checkpoint.Run(Layer, x), x => (x * x) + Layer(x));

    [Test]
    public void Inputs_may_need_no_gradient_or_be_no_numbers()
    {
        var ids = Tensor.From([1L], [1]);
        _input.WithGrad(false);
        AssertSame(
            x => Checkpoint.Run(inputs => inputs[1].Item<long>() == 1 && !inputs[2].IsAlive ? Layer(inputs[0]) : inputs[0], x, ids, default),
            Layer);
    }

    [Test]
    public void A_body_may_return_its_input()
    {
        AssertSame(x => Checkpoint.Run(y => y, Layer(x)), Layer);
        Assert.That(Checkpoint.Run(y => y, _input), Is.Not.EqualTo(_input), "the input stays a leaf");
        Assert.That(_input.IsLeaf, Is.True);
    }

    [Test]
    public void A_retained_graph_can_be_walked_again()
    {
        var output = Checkpoint.Run(x => x * x * _weight, _input).Sum();
        output.Backward(retainGraph: true);
        var once = _input.Grad!.Value.ToArray<double>();
        output.Backward();
        Assert.That(_input.Grad!.Value.ToArray<double>(), Is.EqualTo(once.Select(g => 2 * g)));
        Assert.That(() => output.Backward(), Throws.InvalidOperationException.With.Message.Contains("retainGraph"));
    }

    [Test]
    public void Without_recording_nothing_is_recorded()
    {
        using (NoGrad.Enter()) Assert.That(Checkpoint.Run(Layer, _input).RequiresGrad, Is.False);
    }

    [Test]
    public void Tensors_computed_outside_must_be_inputs()
    {
        var outside = _input * _weight;
        var output = Checkpoint.Run(x => x * outside, _input).Sum();
        Assert.That(() => output.Backward(), Throws.InvalidOperationException.With.Message.Contains("Mul computed outside"));
    }

    [Test]
    public void A_body_that_changes_its_mind_is_refused()
    {
        var runs = 0;
        var output = Checkpoint.Run(x => runs++ == 0 ? x * x : (x * x).Sum(), _input);
        Assert.That(() => output.Sum().Backward(), Throws.InvalidOperationException.With.Message.Contains("[] the second time").Or.Message.Contains("the second time"));
    }

    [Test]
    public void Inputs_changed_in_place_are_refused()
    {
        var data = Values(5, 64);
        var output = Checkpoint.Run(inputs => inputs[0] * inputs[1], _input, data).Sum();
        data.CopyFrom<double>(new double[64]);
        Assert.That(() => output.Backward(), Throws.InvalidOperationException.With.Message.Contains("backward of Checkpoint").And.Message.Contains("changed in place"));
    }

    [Test]
    public void Memory_grows_with_one_segment_and_not_with_all()
    {
        const int layers = 16;
        var (plain, aliveInPlain) = Measure(x => { for (var i = 0; i < layers; i++) x = Layer(x); return x; });
        var (checkpointed, alive) = Measure(x => { for (var i = 0; i < layers; i++) x = Checkpoint.Run(Layer, x); return x; });
        Assert.That(checkpointed, Is.LessThan(plain / 4), "bytes that the pool had to take");
        Assert.That(alive, Is.LessThan(aliveInPlain / 8), "objects alive after the forward pass");

        (long Bytes, int Alive) Measure(Func<Tensor, Tensor> model)
        {
            using var pool = new TensorPool();
            int aliveAfterForward;
            using (pool.Enter())
            {
                var loss = model(_input).Sum();
                aliveAfterForward = pool.AliveCount;
                loss.Backward();
            }
            return (pool.CachedBytes, aliveAfterForward);
        }
    }

    [Test]
    public void Steps_allocate_nothing()
    {
        Func<Tensor, Tensor> block = x => (x * _weight) + x.Dropout(0.1), inner = x => Checkpoint.Run(block, x * _weight);
        CheckpointBody pair = inputs => inputs[0] * block(inputs[1]);
        _weight.SetGrad(Tensor.Zeros([64], DType.Float64));
        _input.SetGrad(Tensor.Zeros([64], DType.Float64));
        using var pool = new TensorPool();
        long before = 0, cached = 0;
        for (var step = 0; step < 20; step++)
        {
            if (step == 10) (before, cached) = (GC.GetAllocatedBytesForCurrentThread(), pool.CachedBytes);
            using var scope = pool.Enter();
            var x = Checkpoint.Run(inner, Checkpoint.Run(block, _input));
            Checkpoint.Run(pair, x, _input).Sum().Backward();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(pool.CachedBytes, Is.EqualTo(cached));
    }
}
