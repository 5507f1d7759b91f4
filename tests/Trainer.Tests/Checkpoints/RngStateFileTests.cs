using NativeTrainer.Checkpoints;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Checkpoints;

public class RngStateFileTests
{
    [Test]
    public void ARealOneIsThatOfSeed42()
    {
        var file = RngStateFile.Read(Golden.Path("checkpoint-10/rng_state.pth"));
        var (python, numpy) = (PythonRandomState.FromSeed(42), NumpyRandomState.FromSeed(42));
        Assert.That(file.Python.Words, Is.EqualTo(python.Words));
        Assert.That((file.Python.Position, file.Python.SecondGauss), Is.EqualTo((python.Position, python.SecondGauss)));
        Assert.That(file.Numpy.Words, Is.EqualTo(numpy.Words));
        Assert.That((file.Numpy.Position, file.Numpy.SecondGauss), Is.EqualTo((numpy.Position, numpy.SecondGauss)));

        // An epoch's start has drawn two 64-bit numbers.
        var generator = new TorchGenerator(42);
        generator.NextUInt64();
        generator.NextUInt64();
        Assert.That(file.Cpu, Is.EqualTo(generator.GetState()));
    }

    [Test]
    public void OneMadeHereHasTheBytesOfTheRealOne()
    {
        var generator = new TorchGenerator(42);
        generator.NextUInt64();
        generator.NextUInt64();
        using var folder = new TemporaryFolder();
        RngStateFile.From(42, generator).Save(folder["rng_state.pth"]);
        var (expected, found) = (File.ReadAllBytes(Golden.Path("checkpoint-10/rng_state.pth")), File.ReadAllBytes(folder["rng_state.pth"]));
        Assert.That(found[..13650], Is.EqualTo(expected[..13650]), "all before the identity");
        Assert.That(found, Has.Length.EqualTo(expected.Length));
    }

    [Test]
    public void WaitingNormalsAndGpusComeBack([Values(0, 1, 2)] int gpus)
    {
        var made = RngStateFile.From(1, new TorchGenerator(1)) with
        {
            Python = PythonRandomState.FromSeed(-5) with { SecondGauss = 0.25 },
            Numpy = NumpyRandomState.FromSeed(3) with { SecondGauss = -1.5, Position = 17 },
            Cuda = [.. Enumerable.Range(0, gpus).Select(i => new byte[] { (byte)i, 2, 3 })],
        };
        using var folder = new TemporaryFolder();
        made.Save(folder["rng_state.pth"]);
        var read = RngStateFile.Read(folder["rng_state.pth"]);
        Assert.That((read.Python.SecondGauss, read.Numpy.SecondGauss, read.Numpy.Position), Is.EqualTo((0.25, -1.5, 17)));
        Assert.That(read.Python.Words, Is.EqualTo(PythonRandomState.FromSeed(5).Words), "Python seeds with the absolute value");
        Assert.That(read.Cuda, Is.EqualTo(made.Cuda));
    }

    [Test]
    public void AListOfWordsMayStandForNumpysArray()
    {
        var state = RngStateFile.From(9, new TorchGenerator(9));
        using var folder = new TemporaryFolder();
        TorchFile.Save(folder["rng_state.pth"], new StateDictionary
        {
            { "python", state.Python.ToPickle() },
            { "numpy", ("MT19937", state.Numpy.Words.Select(word => (long)word).ToArray(), 624L, 0L, 0.0) },
            { "cpu", TorchTensor.From<byte>(state.Cpu, [5056]) },
        });
        Assert.That(RngStateFile.Read(folder["rng_state.pth"]).Numpy.Words, Is.EqualTo(state.Numpy.Words));
    }
}
