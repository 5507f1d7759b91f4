using System.Runtime.InteropServices;
using System.Text.Json;

namespace NativeTrainer.Tensors.Tests;

/// <summary>Draws of the real PyTorch, bit for bit.</summary>
public class TorchGeneratorTests
{
    private static readonly float[] Ramp = [.. Enumerable.Range(0, 12).Select(i => i < 6 ? i * (1f / 11) : 1 - ((11 - i) * (1f / 11)))];

    [Test]
    public void EveryDrawOfAStreamIsPyTorchs([Values(0, 1, 2, 3)] int run)
    {
        var golden = Golden.Json("random.json");
        var rows = golden.GetProperty("rows").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(p => p.GetSingle()).ToArray()).ToArray();
        var stream = golden.GetProperty("runs")[run];
        var seed = ulong.Parse(stream.GetProperty("seed").GetString()!);
        var (generator, counter) = (new TorchGenerator(seed), new MersenneTwister((uint)seed));
        foreach (var draw in stream.GetProperty("draws").EnumerateArray())
        {
            var name = draw.GetProperty("draw").GetString()!;
            var expected = Golden.Flat(draw.GetProperty("value")).ToArray();
            var found = Draw(generator, name, expected.Length, rows);
            for (var i = 0; i < expected.Length; i++)
            {
                // The numbers in the file have nine digits: enough to name a float32.
                var same = found is long[] whole ? whole[i] == expected[i].GetInt64() : ((float[])found)[i] == expected[i].GetSingle();
                Assert.That(same, $"seed {seed}, {name}, place {i}: expected {expected[i]}, found {found.GetValue(i):R}");
            }
            for (var i = draw.GetProperty("words").GetInt32(); i > 0; i--) counter.Next();
            Assert.That(new TorchGenerator(generator.GetState()).NextUInt32(), Is.EqualTo(Peek(counter)), $"words taken by {name}");
        }
    }

    [Test]
    public void InitialWeightsAreBitForBitThoseOfTheRealConstructor()
    {
        var weights = File.ReadAllBytes(Golden.Path("gpt2-tiny-seed42.safetensors"));
        var headerLength = (int)BitConverter.ToInt64(weights);
        var header = JsonDocument.Parse(weights.AsMemory(8, headerLength)).RootElement;
        var generator = new TorchGenerator(42);
        var compared = 0;
        foreach (var draw in Golden.Json("init-gpt2-tiny.json").GetProperty("draws").EnumerateArray())
        {
            var values = new float[draw.GetProperty("shape").EnumerateArray().Aggregate(1, (n, size) => n * size.GetInt32())];
            var args = draw.GetProperty("args").EnumerateArray().Select(arg => arg.GetDouble()).ToArray();
            var (mean, std) = args is [var first, var second] ? (first, second) : (0, 1);
            if (draw.GetProperty("op").GetString() == "normal_") generator.Normal(values, mean, std);
            else generator.Uniform(values); // thrown away by a later draw
            foreach (var name in draw.GetProperty("stays").EnumerateArray())
            {
                if (!header.TryGetProperty(name.GetString()!, out var entry)) continue; // tied
                var begin = 8 + headerLength + entry.GetProperty("data_offsets")[0].GetInt32();
                var expected = MemoryMarshal.Cast<byte, float>(weights.AsSpan(begin, values.Length * 4));
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] != expected[i]) Assert.Fail($"{name}, place {i}: expected {expected[i]:R}, found {values[i]:R}");
                }
                compared += values.Length;
            }
        }
        Assert.That(compared, Is.EqualTo(118_784));
    }

    [Test]
    public void OrderOfDataIsTheTrainers()
    {
        // Trainer, seed 42, 10 rows: an epoch draws the loader's base seed, then the seed of the sampler's own generator.
        long[][] epochs = [[8, 0, 9, 1, 4, 5, 6, 3, 2, 7], [4, 6, 9, 3, 7, 5, 2, 0, 1, 8]];
        var generator = new TorchGenerator(42);
        foreach (var expected in epochs)
        {
            generator.NextUInt64();
            var order = new long[10];
            new TorchGenerator((ulong)generator.RandomInt64()).RandPerm(order);
            Assert.That(order, Is.EqualTo(expected));
        }
    }

    [Test]
    public void LongNormalsAreDrawnInOneStreamWhateverTheChunk()
    {
        var (whole, pieces) = (new float[10_000], new float[10_000]);
        new TorchGenerator(1).Normal(whole, 1, 2);
        var generator = new TorchGenerator(1);
        for (var i = 0; i < pieces.Length; i += 80) generator.Normal(pieces.AsSpan(i, 80), 1, 2);
        Assert.That(whole, Is.EqualTo(pieces));
    }

    [Test]
    public void NormalsOfBothPrecisionsHaveTheirMoments([Values(15, 17, 100_000)] int length)
    {
        var (sum, squares, count) = (0.0, 0.0, 0);
        var generator = new TorchGenerator(3);
        var values = new double[length];
        while (count < 100_000)
        {
            generator.Normal(values, 0.5, 3);
            foreach (var value in values) (sum, squares, count) = (sum + value, squares + (value * value), count + 1);
        }
        var mean = sum / count;
        Assert.That(mean, Is.EqualTo(0.5).Within(0.05));
        Assert.That(Math.Sqrt((squares / count) - (mean * mean)), Is.EqualTo(3).Within(0.05));
    }

    [Test]
    public void UnlikelyArgumentsAreRefused()
    {
        var generator = new TorchGenerator(0);
        Assert.That(() => generator.RandInt(3, 3), Throws.ArgumentException.With.Message.Contains("found 3 and 3"));
        Assert.That(() => generator.Uniform(new float[1], 1, 0), Throws.ArgumentException);
        Assert.That(() => generator.Normal(new float[1], 0, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => generator.Bernoulli(new float[1], 1.5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => generator.Bernoulli(new float[2], [0.1f, float.NaN]),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("probability 1"));
        Assert.That(() => generator.Multinomial([0, 1, 0], new long[2]), Throws.ArgumentException.With.Message.Contains("found 1 of 3"));
        Assert.That(() => generator.Multinomial([0, -1, 0], new long[1]), Throws.ArgumentException.With.Message.Contains("weight 1"));
    }

    private static uint Peek(MersenneTwister twister)
    {
        var copy = new MersenneTwister(0);
        copy.Load(twister.Words, twister.Position, twister.IsFresh);
        return copy.Next();
    }

    private static Array Draw(TorchGenerator generator, string name, int count, float[][] rows)
    {
        var (floats, longs) = (new float[count], new long[count]);
        switch (name.Split('(', ' ', ':')[0])
        {
            case "randint":
                generator.RandInt(longs, 0, name.Contains("2**28 - 1") ? (1L << 28) - 1 : name.Contains("2**28") ? 1L << 28 : 1000);
                return longs;
            case "empty" when name.Contains("random_"):
                longs[0] = generator.RandomInt64();
                return longs;
            case "randperm":
                generator.RandPerm(longs);
                return longs;
            case "rand":
                generator.Uniform(floats);
                return floats;
            case "uniform_":
                generator.Uniform(floats, -0.3, 0.7);
                return floats;
            case "normal_":
                generator.Normal(floats, 0.5, 0.02);
                return floats;
            case "randn":
                generator.Normal(floats);
                return floats;
            case "kaiming_uniform_":
                var bound = Math.Sqrt(2.0 / 6) / Math.Sqrt(7) * Math.Sqrt(3);
                generator.Uniform(floats, -bound, bound);
                return floats;
            case "bernoulli":
                generator.Bernoulli(floats, Ramp);
                return floats;
            case "empty":
                generator.Bernoulli(floats, 0.3);
                return floats;
            case "dropout":
                generator.DropoutMask(floats, name.Contains("0.1") ? 0.1 : 0);
                return floats;
            case "exponential_":
                generator.Exponential(floats);
                return floats;
            case "multinomial":
                var each = count / rows.Length;
                for (var row = 0; row < rows.Length; row++) generator.Multinomial(rows[row], longs.AsSpan(row * each, each));
                return longs;
            default:
                throw new InvalidOperationException($"no draw {name}");
        }
    }
}
