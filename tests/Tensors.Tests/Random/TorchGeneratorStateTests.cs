using System.Buffers.Binary;

namespace NativeTrainer.Tensors.Tests;

public class TorchGeneratorStateTests
{
    [Test]
    public void AFreshStateReadsAsPyTorchWritesIt()
    {
        var state = new TorchGenerator(42).GetState();
        Assert.Multiple(() =>
        {
            Assert.That(state, Has.Length.EqualTo(5056));
            Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(state), Is.EqualTo(42));
            Assert.That(BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(8)), Is.EqualTo(1), "left");
            Assert.That(BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(12)), Is.EqualTo(1), "seeded");
            Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(state.AsSpan(16)), Is.EqualTo(0), "next");
            Assert.That(
                BinaryPrimitives.ReadUInt64LittleEndian(state.AsSpan(24)),
                Is.EqualTo(42),
                "the first word of the state is the seed");
        });
    }

    [Test]
    public void ASavedStateGoesOnAtEveryPosition([Values(0, 1, 4, 623, 624, 625, 1248)] int words, [Values] bool pairHalfUsed)
    {
        var generator = new TorchGenerator(99);
        for (var i = 0; i < words; i++) generator.NextUInt32();
        if (pairHalfUsed) generator.Normal(new float[3]);
        var state = generator.GetState();
        var copy = new TorchGenerator(state);
        Assert.That(copy.GetState(), Is.EqualTo(state));
        Assert.That(copy.InitialSeed, Is.EqualTo(99));
        var (expected, found) = (new float[2000], new float[2000]);
        foreach (var (one, values) in new[] { (generator, expected), (copy, found) })
        {
            one.Normal(values.AsSpan(0, 5));
            one.Uniform(values.AsSpan(5));
        }
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public void WhatIsNoStateIsRefusedAndChangesNothing()
    {
        var generator = new TorchGenerator(5);
        generator.NextUInt32();
        var state = generator.GetState();
        var (left, word) = (state.ToArray(), state.ToArray());
        left[8]++;
        word[24 + 4] = 1;
        Assert.That(() => generator.SetState(new byte[16]), Throws.ArgumentException.With.Message.Contains("5056 bytes, found 16"));
        Assert.That(() => generator.SetState(left), Throws.ArgumentException.With.Message.Contains("found 625 and 1"));
        Assert.That(() => generator.SetState(word), Throws.ArgumentException.With.Message.Contains("word 0"));
        Assert.That(generator.GetState(), Is.EqualTo(state));
    }
}
