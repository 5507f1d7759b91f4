using System.IO.Compression;
using NativeTrainer.Checkpoints;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>A checkpoint that our training writes, beside the one that the real Trainer wrote after the same ten steps: the same files with the same content.</summary>
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
        string[] files = ["config.json", "generation_config.json", "model.safetensors", "optimizer.pt", "rng_state.pth", "scheduler.pt", "trainer_state.json"];
        Assert.That(Directory.GetFiles(ours).Select(Path.GetFileName), Is.EquivalentTo(files));
        foreach (var name in (string[])["config.json", "generation_config.json"]) Assert.That(Text(ours, name), Is.EqualTo(Golden.Text($"{Real}/{name}")), name);
        Assert.That(Likeness.TextDifference(Text(ours, "trainer_state.json"), Golden.Text($"{Real}/trainer_state.json"), 1e-4), Is.Null);
        foreach (var name in (string[])["scheduler.pt", "rng_state.pth"]) AssertSameEntries(Path.Combine(ours, name), Golden.Path($"{Real}/{name}"), _ => true);
        AssertSameEntries(Path.Combine(ours, "optimizer.pt"), Golden.Path($"{Real}/optimizer.pt"), entry => !entry.StartsWith("optimizer/data/", StringComparison.Ordinal));
        AssertSameMoments(Path.Combine(ours, "optimizer.pt"));
        AssertSameWeights(Path.Combine(ours, "model.safetensors"));
    }

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    // serialization_id is drawn at random.
    private static void AssertSameEntries(string ours, string theirs, Func<string, bool> isCompared)
    {
        using var found = ZipFile.OpenRead(ours);
        using var expected = ZipFile.OpenRead(theirs);
        Assert.That(found.Entries.Select(entry => (entry.FullName, entry.Length)), Is.EqualTo(expected.Entries.Select(entry => (entry.FullName, entry.Length))));
        foreach (var entry in expected.Entries.Where(entry => isCompared(entry.FullName) && !entry.FullName.EndsWith("serialization_id", StringComparison.Ordinal)))
        {
            Assert.That(Bytes(found.GetEntry(entry.FullName)!), Is.EqualTo(Bytes(entry)), $"{theirs}: {entry.FullName}");
        }
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
            Assert.That(found.State[parameter].Tensor("exp_avg").ToArray<float>(), Is.EqualTo(state.Tensor("exp_avg").ToArray<float>()).Within(1e-5f), $"{parameter}");
            Assert.That(found.State[parameter].Tensor("exp_avg_sq").ToArray<float>(), Is.EqualTo(state.Tensor("exp_avg_sq").ToArray<float>()).Within(1e-7f), $"{parameter}");
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
