using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Engine;

/// <summary>The tape: who gets a gradient, when, and what is refused.</summary>
public sealed class BackwardTests
{
    private static Tensor Leaf(params float[] values) => Tensor.From(values, [values.Length]).WithGrad();

    private static float[] GradOf(Tensor tensor) => tensor.Grad!.Value.ToArray<float>();

    [Test]
    public void Gradients_of_a_tensor_used_twice_add_up()
    {
        var x = Leaf(1, 2, 3);
        ((x * x) + x).Sum().Backward();
        Assert.That(GradOf(x), Is.EqualTo(new float[] { 3, 5, 7 }));
    }

    [Test]
    public void A_second_backward_adds_to_the_first()
    {
        var x = Leaf(1, 2);
        (x * x).Sum().Backward();
        (x * x).Sum().Backward();
        Assert.That(GradOf(x), Is.EqualTo(new float[] { 4, 8 }));
    }

    [Test]
    public void The_graph_is_walked_once_unless_it_is_retained()
    {
        var x = Leaf(3);
        var y = x * x;
        y.Backward(retainGraph: true);
        y.Backward();
        Assert.That(GradOf(x), Is.EqualTo(new float[] { 12 }));
        Assert.That(() => y.Backward(), Throws.InvalidOperationException.With.Message.Contains("Mul").And.Message.Contains("retainGraph"));
    }

    [Test]
    public void A_backward_through_a_tensor_changed_in_place_is_refused_by_name()
    {
        var x = Leaf(1, 2);
        var factor = Tensor.From([3f, 4f], [2]);
        var y = (x * factor).Sum();
        factor.CopyFrom<float>([5f, 6f]);
        Assert.That(() => y.Backward(), Throws.InvalidOperationException.With.Message.Contains("backward of Mul").And.Message.Contains("changed in place"));
    }

    [Test]
    public void NoGrad_and_Detach_cut_the_tape()
    {
        var x = Leaf(1, 2);
        Tensor silent;
        using (NoGrad.Enter()) silent = x * x;
        Assert.That(silent.RequiresGrad, Is.False);
        (x * (x * x).Detach()).Sum().Backward();
        Assert.That(GradOf(x), Is.EqualTo(new float[] { 1, 4 }));
        Assert.That(() => silent.Sum().Backward(), Throws.InvalidOperationException);
    }

    [Test]
    public void Hooks_see_and_replace_the_whole_gradient()
    {
        var x = Leaf(1, 2);
        var seen = Array.Empty<float>();
        var y = x + x;
        y.RegisterHook(gradient =>
        {
            seen = gradient.ToArray<float>();
            return gradient + gradient;
        });
        using (x.RegisterHook(gradient => gradient * gradient)) (y * y).Sum().Backward();
        Assert.That(seen, Is.EqualTo(new float[] { 4, 8 }));
        Assert.That(GradOf(x), Is.EqualTo(new float[] { 256, 1024 }));
    }

    [Test]
    public void RetainGrad_keeps_the_gradient_of_a_computed_tensor()
    {
        var x = Leaf(1, 2);
        var y = x * x;
        y.RetainGrad();
        (y * y).Sum().Backward();
        Assert.That(GradOf(y), Is.EqualTo(new float[] { 2, 8 }));
    }

    [Test]
    public void Gradients_of_broadcast_operands_are_summed_back()
    {
        var row = Leaf(1, 2, 3);
        var column = Tensor.From([10f, 20f], [2, 1]).WithGrad();
        (row * column).Sum().Backward();
        Assert.That(GradOf(row), Is.EqualTo(new float[] { 30, 30, 30 }));
        Assert.That(column.Grad!.Value.ToArray<float>(), Is.EqualTo(new float[] { 6, 6 }));
    }

    [Test]
    public void Only_floating_point_leaves_can_require_a_gradient()
    {
        Assert.That(() => Tensor.From([1L], [1]).WithGrad(), Throws.InvalidOperationException.With.Message.Contains("int64"));
        var computed = Leaf(1) * Leaf(2);
        Assert.That(() => computed.WithGrad(false), Throws.InvalidOperationException.With.Message.Contains("Mul"));
    }

    [Test]
    public void Steps_in_a_pool_give_the_same_gradients_and_allocate_nothing()
    {
        var x = Leaf(1, 2, 3);
        x.SetGrad(Tensor.Zeros([3]));
        using var pool = new TensorPool();
        long before = 0;
        for (var step = 0; step < 20; step++)
        {
            if (step == 10) before = GC.GetAllocatedBytesForCurrentThread();
            using var scope = pool.Enter();
            var y = x * x;
            ((y * x) + y).Sum().Backward();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(GradOf(x), Is.EqualTo(new float[] { 100, 320, 660 }));
    }
}
