using System.IO.Compression;
using NativeTrainer.Checkpoints;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>A checkpoint that our training writes, beside the one that the real Trainer wrote after
/// the same ten steps: the same files with the same content.</summary>
public sealed class CheckpointFilesTests
{
    private const string Real = "checkpoint-10";

    [Test]
    public void After_the_same_steps_every_file_is_that_of_Hugging_Face()
    {
        using var folder = new TemporaryFolder();
        var args = Tiny.Arguments(folder["out"], Tiny.Given(Golden.Json("checkpoints/hf-gpt2-adamw/run.json").GetProperty("arguments")));
        var model = Tiny.Model();
        model.Config["_name_or_path"] = "models/gpt2-tiny"; // where the recording had it
        new WatchedTrainer(args, Tiny.Train, callbacks: [new FlagRaiser(new() { [("step_end", 10)] = "T" })], model: model).Train();
        var ours = folder["out/checkpoint-10"];

        // training_args.bin is a pickle of Python's classes, and nothing that resumes needs it.
        string[] texts = ["config.json", "generation_config.json"];
        string[] files = [.. texts, "model.safetensors", "optimizer.pt", "rng_state.pth", "scheduler.pt", "trainer_state.json"];
        Assert.That(Directory.GetFiles(ours).Select(Path.GetFileName), Is.EquivalentTo([.. files, "nativetrainer.safetensors"]));
        foreach (var name in texts) Assert.That(Text(ours, name), Is.EqualTo(Golden.Text($"{Real}/{name}")), name);
        Assert.That(Likeness.TextDifference(Text(ours, "trainer_state.json"), Golden.Text($"{Real}/trainer_state.json"), 1e-4), Is.Null);
        AssertSameEntries(ours, "scheduler.pt", _ => true);
        AssertSameEntries(ours, "rng_state.pth", _ => true);
        AssertSameEntries(ours, "optimizer.pt", entry => !entry.StartsWith("optimizer/data/", StringComparison.Ordinal));
        AssertSameMoments(Path.Combine(ours, "optimizer.pt"));
        AssertSameWeights(Path.Combine(ours, "model.safetensors"));
    }

    [Test]
    public void Without_safetensors_a_checkpoint_holds_PyTorchs_file_and_resumes_from_it()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(folder["whole"], resumeFrom: null);
        var resumed = Run(folder["resumed"], resumeFrom: folder["whole/checkpoint-2"]);
        Assert.That(Directory.GetFiles(folder["whole/checkpoint-2"]).Select(Path.GetFileName),
            Does.Contain("pytorch_model.bin").And.Not.Contain("model.safetensors"));
        foreach (var (name, values) in whole) Assert.That(resumed[name], Is.EqualTo(values), name);

        static Dictionary<string, float[]> Run(string output, string? resumeFrom)
        {
            var args = Tiny.Arguments(output, ("save_safetensors", false), ("max_steps", 4L), ("save_steps", 2L));
            var model = Tiny.Model();
            new Trainer(model, args, trainDataset: Tiny.Train).Train(resumeFrom);
            return Tiny.Weights(model);
        }
    }

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    // serialization_id is drawn at random.
    private static void AssertSameEntries(string folder, string name, Func<string, bool> isCompared)
    {
        using var found = ZipFile.OpenRead(Path.Combine(folder, name));
        using var expected = ZipFile.OpenRead(Golden.Path($"{Real}/{name}"));
        Assert.That(found.Entries.Select(NameAndLength), Is.EqualTo(expected.Entries.Select(NameAndLength)));
        foreach (var entry in expected.Entries.Where(entry => isCompared(entry.FullName) && entry.Name != "serialization_id"))
        {
            Assert.That(Bytes(found.GetEntry(entry.FullName)!), Is.EqualTo(Bytes(entry)), entry.FullName);
        }

        static (string, long) NameAndLength(ZipArchiveEntry entry) => (entry.FullName, entry.Length);
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static void AssertSameMoments(string path)
    {
        using var found = OptimizerFile.Open(path);
        using var expected = OptimizerFile.Open(Golden.Path($"{Real}/optimizer.pt"));
        foreach (var (parameter, state) in expected.State)
        {
            Assert.That(found.State[parameter].Number("step"), Is.EqualTo(10));
            AssertClose("exp_avg", 1e-5f);
            AssertClose("exp_avg_sq", 1e-7f);

            void AssertClose(string name, float tolerance) => Assert.That(
                found.State[parameter].Tensor(name).ToArray<float>(), Is.EqualTo(state.Tensor(name).ToArray<float>()).Within(tolerance),
                $"{name} of {parameter}");
        }
    }

    private static void AssertSameWeights(string path)
    {
        var (found, expected) = (SafetensorsFile.Open(path), SafetensorsFile.Open(Golden.Path($"{Real}/model.safetensors")));
        Assert.That(found.Names, Is.EqualTo(expected.Names));
        Assert.That(found.Metadata, Is.EqualTo(expected.Metadata));
        Assert.That(Tiny.Distance(Tiny.Weights(path), Tiny.Weights(Golden.Path($"{Real}/model.safetensors"))), Is.LessThan(1e-5));
    }
}
