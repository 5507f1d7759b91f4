using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class DropoutTests
{
    [TestCase(0.1, DType.Float32)]
    [TestCase(0.5, DType.Float64)]
    [TestCase(0.3, DType.BFloat16)]
    public void Keeps_what_Philox_says_and_scales_it(double p, DType dtype)
    {
        RandomState.ManualSeed(42);
        RandomState.Current.Reserve(7);
        var x = Compare.Convert(Tensor.From(Enumerable.Repeat(1.0, 50_001).ToArray(), [50_001]), dtype);
        var found = Compare.Doubles(x.Dropout(p));
        for (var i = 0; i < found.Length; i++)
        {
            var kept = Philox4x32.Generate(42, 7 + ((ulong)i / 4))[i % 4] < (1 - p) * 4294967296;
            Assert.That(found[i], Is.EqualTo(kept ? 1 / (1 - p) : 0).Within(0.5).Percent, $"element {i}");
        }
        Assert.That(found.Count(value => value == 0) / 50_001.0, Is.EqualTo(p).Within(0.01));
        Assert.That(RandomState.Current.Offset, Is.EqualTo(7 + 12_501));
    }

    [Test]
    public void The_gradient_passes_where_the_value_did()
    {
        var x = Compare.Convert(GradientCheck.Normal([13, 11], seed: 2), DType.Float32).WithGrad();
        var y = x.Dropout(0.4);
        y.Backward(x.Detach());
        Assert.That(x.Grad!.Value.ToArray<float>(), Is.EqualTo(y.ToArray<float>()));
    }

    [Test]
    public void Two_calls_draw_different_numbers_and_a_seed_the_same_ones()
    {
        var x = Tensor.From(Enumerable.Repeat(1f, 100).ToArray(), [100]);
        RandomState.ManualSeed(1);
        var (first, second) = (x.Dropout().ToArray<float>(), x.Dropout().ToArray<float>());
        RandomState.ManualSeed(1);
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(x.Dropout().ToArray<float>(), Is.EqualTo(first));
    }

    [Test]
    public void Nothing_happens_in_evaluation_and_everything_goes_at_probability_1()
    {
        var x = Tensor.From([1f, 2f, 3f], [3]);
        Assert.That(x.Dropout(0.5, training: false), Is.EqualTo(x));
        Assert.That(x.Dropout(0), Is.EqualTo(x));
        Assert.That(x.Dropout(1).ToArray<float>(), Is.EqualTo(new float[3]));
        Assert.That(() => x.Dropout(1.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Dropout(), Tensor.Zeros([2, 3, 5]));
}
