using System.Runtime.CompilerServices;
using System.Text.Json;

namespace NativeTrainer.Tensors.Tests;

public class SafetensorsFileTests
{
    private static readonly string _model = Golden.Path("gpt2-tiny-seed42.safetensors");

    [Test]
    public void ARealFileIsReadWithoutACopy()
    {
        var bytes = File.ReadAllBytes(_model);
        var start = 8 + (int)BitConverter.ToInt64(bytes);
        var file = SafetensorsFile.Open(_model);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, start - 8));
        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt" }));
        Assert.That(file.Names, Is.EqualTo(header.RootElement.EnumerateObject().Skip(1).Select(entry => entry.Name)));
        foreach (var entry in header.RootElement.EnumerateObject().Skip(1))
        {
            var tensor = file[entry.Name];
            var begin = entry.Value.GetProperty("data_offsets")[0].GetInt32();
            Assert.That(tensor.DType, Is.EqualTo(DType.Float32));
            Assert.That(
                tensor.Shape.Sizes.ToArray(),
                Is.EqualTo(entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())));
            Assert.That(BytesOf(tensor).SequenceEqual(bytes.AsSpan(start + begin, BytesOf(tensor).Length)), entry.Name);
            Assert.That(file[entry.Name].Address, Is.EqualTo(tensor.Address), "both look into the file");
        }
    }

    [Test]
    public void WritingARealFileAgainGivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var file = SafetensorsFile.Open(_model);
        SafetensorsWriter.Write(folder["model.safetensors"], file.Names.Reverse().Select(name => KeyValuePair.Create(name, file[name])));
        Assert.That(File.ReadAllBytes(folder["model.safetensors"]), Is.EqualTo(File.ReadAllBytes(_model)));
    }

    [Test]
    public void EveryDTypeAndShapeComesBack()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(11);
        Dictionary<string, Tensor> tensors = [];
        foreach (var dtype in Enum.GetValues<DType>())
        {
            foreach (var shape in new Shape[] { [], [0], [3, 5], [2, 0, 4], [1, 2, 1, 2, 1, 2, 1, 2] })
            {
                var tensor = Tensor.Empty(shape, dtype);
                random.NextBytes(BytesOf(tensor));
                tensors[$"ä {dtype.TorchName} \"{shape}\"\n"] = tensor;
            }
        }
        SafetensorsWriter.Write(folder["all.safetensors"], tensors, new Dictionary<string, string> { ["a"] = "1", ["b"] = "€" });
        var file = SafetensorsFile.Open(folder["all.safetensors"]);
        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string> { ["a"] = "1", ["b"] = "€" }));
        Assert.That(file.Names, Is.EquivalentTo(tensors.Keys));
        foreach (var (name, expected) in tensors)
        {
            var found = file[name];
            Assert.That((found.DType, found.Shape), Is.EqualTo((expected.DType, expected.Shape)), name);
            Assert.That(BytesOf(found).SequenceEqual(BytesOf(expected)), name);
            Assert.That(found.ElementCount == 0 || found.Address % Math.Min(8, found.DType.ByteSize) == 0, $"{name} is aligned");
        }
    }

    [Test]
    public void AFileWithoutTensorsComesBack()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["none.safetensors"], [], new Dictionary<string, string>());
        Assert.That(SafetensorsFile.Open(folder["none.safetensors"]).Names, Is.Empty);
    }

    [Test]
    public void AChangeInPlaceStaysInMemory()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["x.safetensors"], new Dictionary<string, Tensor> { ["x"] = Tensor.From([1f, 2f], [2]) });
        var file = SafetensorsFile.Open(folder["x.safetensors"]);
        file["x"].CopyFrom<float>([3, 4]);
        Assert.That(file["x"].ToArray<float>(), Is.EqualTo(new float[] { 3, 4 }));
        Assert.That(SafetensorsFile.Open(folder["x.safetensors"])["x"].ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void AFileThatIsReplacedStaysReadable()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["x.safetensors"], new Dictionary<string, Tensor> { ["x"] = Tensor.From([1f, 2f], [2]) });
        var old = SafetensorsFile.Open(folder["x.safetensors"])["x"];
        SafetensorsWriter.Write(folder["x.safetensors"], new Dictionary<string, Tensor> { ["x"] = Tensor.From([5f, 6f], [2]) });
        Assert.That(old.ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
        Assert.That(SafetensorsFile.Open(folder["x.safetensors"])["x"].ToArray<float>(), Is.EqualTo(new float[] { 5, 6 }));
    }

    [Test]
    [Platform("Linux")]
    public void TheMappingLivesAsLongAsATensor()
    {
        using var folder = new TemporaryFolder();
        var path = folder["mapped.safetensors"];
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["x"] = Tensor.From([1f, 2f], [2]) });
        Hold(path);
        for (var i = 0; i < 10 && IsMapped(path); i++) Collect();
        Assert.That(IsMapped(path), Is.False, "nobody holds a tensor any more");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Hold(string path)
        {
            var tensor = Make(path);
            Collect();
            Assert.That(IsMapped(path), Is.True);
            Assert.That(tensor.ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Tensor Make(string path) => SafetensorsFile.Open(path)["x"];

        static bool IsMapped(string path) => File.ReadAllText("/proc/self/maps").Contains(path);

        static void Collect()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [Test]
    public void WhatCannotBeWrittenIsNamed()
    {
        using var folder = new TemporaryFolder();
        var x = Tensor.From([1f, 2f, 3f, 4f], [2, 2]);
        var transposed = x.WithLayout(x.Layout.Transpose(0, 1));
        KeyValuePair<string, Tensor>[] twice = [new("same", x), new("same", x)];
        Assert.That(
            () => SafetensorsWriter.Write(folder["x"], new Dictionary<string, Tensor> { ["turned"] = transposed }),
            Throws.ArgumentException.With.Message.Contains("'turned'"));
        Assert.That(() => SafetensorsWriter.Write(folder["x"], twice), Throws.ArgumentException.With.Message.Contains("'same'"));
        Assert.That(Directory.GetFiles(folder.Root), Is.Empty);
    }

    [Test]
    public void AMissingTensorIsNamed()
    {
        var file = SafetensorsFile.Open(_model);
        var error = Assert.Throws<SafetensorsException>(() => _ = file["lm_head.weight"])!;
        Assert.That(error.Message, Does.Contain("tensor 'lm_head.weight' is not in the file, which has 28 tensors").And.StartWith(_model));
        Assert.That((error.File, error.Tensor), Is.EqualTo((_model, "lm_head.weight")));
        Assert.That(file.TryGet("lm_head.weight", out _), Is.False);
    }

    private static unsafe Span<byte> BytesOf(Tensor tensor) => new((void*)tensor.Address, (int)tensor.ElementCount * tensor.DType.ByteSize);
}
