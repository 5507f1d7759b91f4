using NativeTrainer.Data;

namespace NativeTrainer.Tests.Data;

/// <summary>What NumPy's documentation and users show of <c>default_rng(42)</c>.</summary>
public sealed class NumpyGeneratorTests
{
    [Test]
    public void Reals_are_numpys()
    {
        var generator = new NumpyGenerator(42);
        Assert.That(Enumerable.Range(0, 3).Select(_ => generator.NextDouble()),
            Is.EqualTo(new[] { 0.7739560485559633, 0.4388784397520523, 0.8585979199113825 }));
    }

    [Test]
    public void Whole_numbers_are_numpys()
    {
        var generator = new NumpyGenerator(42);
        Assert.That(Enumerable.Range(0, 10).Select(_ => generator.Integer(10)), Is.EqualTo(new[] { 0, 7, 6, 4, 4, 8, 0, 6, 2, 0 }));
    }

    [Test]
    public void Shuffling_is_numpys()
    {
        var list = Enumerable.Range(0, 10).ToList();
        new NumpyGenerator(42).Shuffle(list);
        Assert.That(list, Is.EqualTo(new[] { 5, 6, 0, 7, 3, 2, 4, 9, 1, 8 }));
    }
}
