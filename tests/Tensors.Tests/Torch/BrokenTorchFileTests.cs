using System.IO.Compression;
using System.Text;

namespace NativeTrainer.Tensors.Tests.Torch;

/// <summary>A file that is none is refused with its name, and nothing in it is executed.</summary>
public class BrokenTorchFileTests
{
    [Test]
    public void NoFile() =>
        Assert.That(() => TorchFile.Open("nowhere/optimizer.pt"), Throws.InstanceOf<IOException>().With.Message.Contains("nowhere"));

    [TestCase("", "is empty")]
    [TestCase("hello world", "expected a zip file, found the bytes 68656C6C")]
    [TestCase("\u0080\u0002\u008a", "before PyTorch 1.6")]
    public void NotAZipFile(string content, string message) => Refused(Encoding.Latin1.GetBytes(content), message);

    [Test]
    public void TruncatedAnywhere()
    {
        var real = File.ReadAllBytes(Golden.Path("checkpoint-10/scheduler.pt"));
        for (var length = 0; length < real.Length; length += 9) Refused(real[..length], "");
    }

    [TestCase("scheduler.pt")]
    [TestCase("rng_state.pth")]
    public void ChangedBytesGiveNothingButAnErrorThatNamesTheFile(string name)
    {
        var real = File.ReadAllBytes(Golden.Path($"checkpoint-10/{name}"));
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var changed = real.ToArray();
            var place = random.Next(changed.Length);
            changed[place] ^= (byte)random.Next(1, 256);
            try
            {
                Open(changed);
            }
            catch (TorchFileException broken)
            {
                Assert.That(broken.Message, Does.Contain("broken.pt: "));
            }
            catch (Exception other)
            {
                Assert.Fail($"{name}, byte {place} changed to {changed[place]}: {other}");
            }
        }
    }

    // Without the checksum in the way, every place of the pickle is tried.
    [TestCase("scheduler.pt")]
    [TestCase("rng_state.pth")]
    public void ChangedPicklesGiveNothingButAnErrorThatNamesTheFile(string name)
    {
        byte[] real;
        using (var zip = ZipFile.OpenRead(Golden.Path($"checkpoint-10/{name}")))
        using (var entry = zip.Entries[0].Open())
        {
            real = new byte[zip.Entries[0].Length];
            entry.ReadExactly(real);
        }
        var globals = new TorchGlobals(
            (_, dtype, count) => new ArrayStorage(new byte[Math.Clamp(count, 0, 10_000) * dtype.ByteSize], dtype));
        var random = new Random(2);
        for (var i = 0; i < 3000; i++)
        {
            var changed = real.ToArray();
            var place = random.Next(changed.Length);
            changed[place] ^= (byte)random.Next(1, 256);
            try
            {
                new PickleReader("broken.pt", changed, globals).Read();
            }
            catch (TorchFileException broken)
            {
                Assert.That(broken.Message, Does.Contain("broken.pt: "));
            }
            catch (Exception other)
            {
                Assert.Fail($"{name}, byte {place} changed to {changed[place]}: {other}");
            }
        }
    }

    [Test]
    public void AChangedByteOfATensorIsFoundByItsChecksum()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Golden.Path("checkpoint-10/optimizer.pt"));
        bytes[7000 + 1000] ^= 1; // in data/1
        File.WriteAllBytes(folder["optimizer.pt"], bytes);
        using var file = TorchFile.Open(folder["optimizer.pt"]);
        var states = (OrderedDictionary<object, object?>)((OrderedDictionary<object, object?>)file.Root!)["state"]!;
        var state = (OrderedDictionary<object, object?>)states[0L]!;
        Assert.That(
            () => ((TorchTensor)state["exp_avg"]!).ToTensor(),
            Throws.InstanceOf<TorchFileException>().With.Message.Contains("data/1 is damaged"));
        Assert.That(() => ((TorchTensor)state["exp_avg_sq"]!).ToTensor(), Throws.Nothing);
    }

    [Test]
    public void ForeignNamesAreRefused()
    {
        Refused(Zip("\u0080\u0002cos\nsystem\n(X\u0005\0\0\0rm -ftR."), "'os.system' is refused");
        Refused(Zip("\u0080\u0002cbuiltins\neval\n."), "'builtins.eval' is refused");
        Refused(Zip("\u0080\u0002ctorch\nload\n."), "'torch.load' is refused");
    }

    [TestCase("\u0080\u0004.", "protocol 4")]
    [TestCase("\u0080\u0002i", "opcode 0x69")]
    [TestCase("\u0080\u0002.", "a value is missing")]
    [TestCase("\u0080\u0002X\u0010\0\0\0abc", "13 bytes more expected")]
    [TestCase("\u0080\u0002X\u00FF\u00FF\u00FF\u00FF", "text of 4294967295 bytes")]
    [TestCase("\u0080\u0002X\u0001\0\0\0\u00FF.", "not UTF-8")]
    [TestCase("\u0080\u0002h\u0007.", "place 7")]
    [TestCase("\u0080\u0002t.", "a mark is missing")]
    [TestCase("\u0080\u0002}(K\u0001u.", "a key without a value")]
    [TestCase("\u0080\u0002}(]K\u0001u.", "a dictionary's key")]
    [TestCase("\u0080\u0002K\u0001K\u0002a.", "no list")]
    [TestCase("\u0080\u0002K\u0001Q.", "identifier")]
    [TestCase("\u0080\u0002]", "the pickle ends here")]
    [TestCase("\u0080\u0002ccollections", "without an end")]
    public void BrokenPickles(string pickle, string message) => Refused(Zip(pickle), message);

    [Test]
    public void StoragesAreHeldAgainstTheirEntries()
    {
        const string tensor = "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\n"
            + "X\u0001\0\0\00X\u0003\0\0\0cpuK\u0002tQK\0K@\u0085K\u0001\u0085tR.";
        Refused(Zip(tensor), "has no entry archive/data/0");
        Refused(Zip(tensor, new byte[7]), "has 7 bytes, expected 2 elements of float32");
        Refused(Zip(tensor, new byte[8]), "reaches to element 63 of a storage of 2");
    }

    private static byte[] Zip(string pickle, byte[]? data = null)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            using (var entry = zip.CreateEntry("archive/data.pkl").Open()) entry.Write(Encoding.Latin1.GetBytes(pickle));
            if (data is not null) using (var entry = zip.CreateEntry("archive/data/0").Open()) entry.Write(data);
        }
        return stream.ToArray();
    }

    private static void Refused(byte[] content, string message) =>
        Assert.That(
            () => Open(content),
            Throws.InstanceOf<TorchFileException>().With.Message.Contains("broken.pt: ").And.Message.Contains(message));

    private static void Open(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["broken.pt"], content);
        TorchFile.Open(folder["broken.pt"]).Dispose();
    }
}
