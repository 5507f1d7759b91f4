using System.IO.Compression;

namespace NativeTrainer.Tensors.Tests.Torch;

public class TorchFileTests
{
    /// <summary>What we write is what PyTorch wrote, byte for byte, but for the 40 digits that identify a file.</summary>
    [TestCase("optimizer.pt")]
    [TestCase("scheduler.pt")]
    [TestCase("rng_state.pth")]
    public void RewritingARealFileGivesTheSameBytes(string name)
    {
        using var folder = new TemporaryFolder();
        using (var file = TorchFile.Open(Golden.Path($"checkpoint-10/{name}"))) TorchFile.Save(folder[name], file.Root);
        var (real, ours) = (WithoutIdentity(Golden.Path($"checkpoint-10/{name}")), WithoutIdentity(folder[name]));
        Assert.That(ours, Has.Length.EqualTo(real.Length));
        var different = real.AsSpan().CommonPrefixLength(ours);
        Assert.That(different, Is.EqualTo(real.Length), $"{name}: byte {different}");
    }

    [Test]
    public void EveryKindOfValueComesBack()
    {
        var shared = new List<object?> { 1L };
        var value = new OrderedDictionary<object, object?>
        {
            ["none"] = null,
            ["flags"] = new object?[] { true, false },
            ["empty"] = Array.Empty<object?>(),
            ["text"] = "täxt\n€",
            ["list"] = shared,
            ["again"] = shared,
            ["nested"] = new OrderedDictionary<object, object?> { [-1L] = 0.5, [2L] = double.PositiveInfinity },
            ["one"] = new object?[] { "x" },
            ["long tuple"] = Enumerable.Range(0, 7).Select(i => (object?)(long)i).ToArray(),
            ["numbers"] = new List<object?>(new long[]
            {
                0, 255, 256, 65535, 65536, -1, int.MaxValue, int.MinValue, 1L << 31, -(1L << 31) - 1, 1L << 40, -(1L << 39),
                long.MaxValue, long.MinValue,
            }.Cast<object?>()),
            ["thousands"] = new List<object?>(Enumerable.Range(0, 2001).Select(i => (object?)(long)i)),
        };
        for (var i = 0; i < 1200; i++) value[$"key {i}"] = (double)i;
        using var folder = new TemporaryFolder();
        TorchFile.Save(folder["values.pt"], value);
        using var file = TorchFile.Open(folder["values.pt"]);
        Assert.That(file.Root, Is.EqualTo(value));
        var root = (OrderedDictionary<object, object?>)file.Root!;
        Assert.That(root.Keys, Is.EqualTo(value.Keys), "order of keys");
        Assert.That(root["again"], Is.SameAs(root["list"]), "what is shared stays shared");
    }

    [Test]
    public void TensorsOfEveryTypeComeBack([Values] DType dtype)
    {
        if (dtype is DType.Float8E4M3 or DType.Float8E5M2)
        {
            var float8 = TorchTensor.From(Tensor.Zeros([2], dtype));
            Assert.That(
                () => new TorchPickleWriter().Pickle(float8),
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains("float8"));
            return;
        }
        var tensor = Tensor.Empty([3, 5], dtype);
        var bytes = new byte[15 * dtype.ByteSize];
        new Random(5).NextBytes(bytes);
        Fill(tensor, bytes);
        using var folder = new TemporaryFolder();
        var none = TorchTensor.From(Tensor.Zeros([0, 4], dtype));
        TorchFile.Save(folder["t.pt"], new List<object?> { TorchTensor.From(tensor), none, TorchTensor.Scalar(7L) });
        using var file = TorchFile.Open(folder["t.pt"]);
        var list = (List<object?>)file.Root!;
        var read = ((TorchTensor)list[0]!).ToTensor();
        Assert.That(read.DType, Is.EqualTo(dtype));
        Assert.That(read.Shape, Is.EqualTo(new Shape(3, 5)));
        Assert.That(BytesOf(read), Is.EqualTo(bytes));
        Assert.That(((TorchTensor)list[1]!).ToTensor().Shape, Is.EqualTo(new Shape(0, 4)));
        Assert.That(((TorchTensor)list[2]!).ToArray<long>(), Is.EqualTo(new[] { 7L }));
    }

    [Test]
    public void ViewsOfOneStorageAreStoredOnceAndReadThroughTheirStrides()
    {
        var whole = TorchTensor.From<float>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4]);
        var (transposed, row) = (new TorchTensor(whole.Storage, [4, 3], [1, 4]), new TorchTensor(whole.Storage, [4], [1], 4));
        using var folder = new TemporaryFolder();
        TorchFile.Save(folder["views.pt"], new List<object?> { whole, transposed, row });
        using (var zip = ZipFile.OpenRead(folder["views.pt"]))
        {
            Assert.That(zip.Entries.Count(entry => entry.FullName.StartsWith("views/data/")), Is.EqualTo(1));
        }
        using var file = TorchFile.Open(folder["views.pt"]);
        var views = ((List<object?>)file.Root!).Cast<TorchTensor>().ToArray();
        Assert.That(views[1].ToArray<float>(), Is.EqualTo(new float[] { 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11 }));
        Assert.That(views[2].ToArray<float>(), Is.EqualTo(new float[] { 4, 5, 6, 7 }));
        Assert.That(
            () => new TorchTensor(whole.Storage, [4, 4], [4, 1]),
            Throws.ArgumentException.With.Message.Contains("element 15 of a storage of 12"));
    }

    [Test]
    public void CompressedEntriesInAnyFolderAreReadToo()
    {
        using var folder = new TemporaryFolder();
        using (var real = ZipFile.OpenRead(Golden.Path("checkpoint-10/optimizer.pt")))
        using (var zip = ZipFile.Open(folder["optimizer.pt"], ZipArchiveMode.Create))
        {
            foreach (var entry in real.Entries)
            {
                using var from = entry.Open();
                using var to = zip.CreateEntry(entry.FullName.Replace("optimizer/", "archive/"), CompressionLevel.Fastest).Open();
                from.CopyTo(to);
            }
        }
        Assert.That(Average(folder["optimizer.pt"]), Is.EqualTo(Average(Golden.Path("checkpoint-10/optimizer.pt"))).And.Not.Empty);

        static float[] Average(string path)
        {
            using var file = TorchFile.Open(path);
            var states = (OrderedDictionary<object, object?>)((OrderedDictionary<object, object?>)file.Root!)["state"]!;
            return ((TorchTensor)((OrderedDictionary<object, object?>)states[3L]!)["exp_avg"]!).ToArray<float>();
        }
    }

    private static byte[] WithoutIdentity(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var name = "/.data/serialization_id"u8;
        var local = bytes.AsSpan().IndexOf(name);
        var directory = bytes.AsSpan().LastIndexOf(name);
        var padding = BitConverter.ToUInt16(bytes, local + name.Length + 2);
        bytes.AsSpan(local + name.Length + 4 + padding, 40 + 8).Clear(); // the digits, and their checksum after them
        var header = bytes.AsSpan(0, directory).LastIndexOf("PK\x01\x02"u8);
        bytes.AsSpan(header + 16, 4).Clear(); // the checksum in the directory
        return bytes;
    }

    private static unsafe void Fill(Tensor tensor, byte[] bytes) => bytes.CopyTo(new Span<byte>((void*)tensor.Address, bytes.Length));

    private static unsafe byte[] BytesOf(Tensor tensor) =>
        new ReadOnlySpan<byte>((void*)tensor.Address, (int)tensor.ElementCount * tensor.DType.ByteSize).ToArray();
}
