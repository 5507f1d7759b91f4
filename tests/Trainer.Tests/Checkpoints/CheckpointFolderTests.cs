using NativeTrainer.Checkpoints;

namespace NativeTrainer.Tests.Checkpoints;

public class CheckpointFolderTests
{
    [Test]
    public void TheLastIsTheOneOfTheGreatestStep()
    {
        using var folder = new TemporaryFolder();
        Assert.That(CheckpointFolder.Last(folder["missing"]), Is.Null);
        Assert.That(CheckpointFolder.Last(folder.Root), Is.Null);
        string[] names = ["checkpoint-9", "checkpoint-10", "checkpoint-x", "tmp-checkpoint-99", "checkpoint-11-old", "runs"];
        foreach (var name in names) Directory.CreateDirectory(folder[name]);
        File.WriteAllText(folder["checkpoint-100"], "a file");
        Assert.That(CheckpointFolder.Last(folder.Root), Is.EqualTo(folder["checkpoint-10"]));
        Assert.That(CheckpointFolder.StepOf(folder["checkpoint-10"] + "/"), Is.EqualTo(10));
    }

    [Test]
    public void TimeOrNumberDecidesTheOrder()
    {
        using var folder = new TemporaryFolder();
        foreach (var step in new[] { 2, 10, 4 }) Directory.CreateDirectory(CheckpointFolder.PathOf(folder.Root, step));
        Directory.SetLastWriteTimeUtc(folder["checkpoint-10"], new DateTime(2020, 1, 1));
        Directory.SetLastWriteTimeUtc(folder["checkpoint-2"], new DateTime(2021, 1, 1));
        Directory.SetLastWriteTimeUtc(folder["checkpoint-4"], new DateTime(2021, 1, 1));
        Assert.That(Steps(CheckpointFolder.Sorted(folder.Root)), Is.EqualTo(new long?[] { 2, 4, 10 }));
        Assert.That(Steps(CheckpointFolder.Sorted(folder.Root, byTime: true)), Is.EqualTo(new long?[] { 10, 2, 4 }));
        Assert.That(Steps(CheckpointFolder.Sorted(folder.Root, best: folder["checkpoint-2"])), Is.EqualTo(new long?[] { 4, 2, 10 }));
    }

    // The folders that the real Trainer has after each save, with scores that make one of them the best (0: none).
    [TestCase(1, new[] { 0, 0, 0 }, new[] { "2", "4", "6" })] // callbacks/limit-1
    [TestCase(2, new[] { 0, 0, 0, 0 }, new[] { "2", "2 4", "4 6", "6 8" })] // limit-2
    [TestCase(1, new[] { 2, 4, 4, 4, 4 }, new[] { "2", "4", "4 6", "4 8", "4 10" })] // best-limit-1
    [TestCase(2, new[] { 2, 4, 4, 4, 4 }, new[] { "2", "2 4", "4 6", "4 8", "4 10" })] // best-limit-2
    [TestCase(3, new[] { 2, 2, 2, 2, 2 }, new[] { "2", "2 4", "2 4 6", "2 6 8", "2 8 10" })] // best-limit-3
    [TestCase(1, new[] { 2, 4, 6, 8, 10 }, new[] { "2", "4", "6", "8", "10" })] // best-limit-1-last-is-best
    public void RotationKeepsWhatTheTrainerKeeps(int limit, int[] best, string[] folders)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < best.Length; i++)
        {
            var staging = CheckpointFolder.Begin(folder.Root, 2 * (i + 1));
            File.WriteAllText(Path.Combine(staging, "trainer_state.json"), "{}");
            CheckpointFolder.Commit(staging);
            CheckpointFolder.Rotate(folder.Root, limit, best[i] == 0 ? null : CheckpointFolder.PathOf(folder.Root, best[i]));
            Assert.That(string.Join(' ', Steps(CheckpointFolder.Sorted(folder.Root))), Is.EqualTo(folders[i]), $"after step {2 * (i + 1)}");
        }
    }

    [Test]
    public void OnlyTheBestStaysAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        foreach (var step in new[] { 2, 4, 6 }) Directory.CreateDirectory(CheckpointFolder.PathOf(folder.Root, step));
        CheckpointFolder.KeepOnly(folder.Root, CheckpointFolder.PathOf(folder.Root, 4));
        Assert.That(Steps(CheckpointFolder.Sorted(folder.Root)), Is.EqualTo(new long?[] { 4 }));
    }

    [Test]
    public void NoLimitDeletesNothing([Values(null, 0, -1)] int? limit)
    {
        using var folder = new TemporaryFolder();
        for (var step = 1; step < 5; step++) Directory.CreateDirectory(CheckpointFolder.PathOf(folder.Root, step));
        Assert.That(CheckpointFolder.Rotate(folder.Root, limit), Is.Empty);
        Assert.That(CheckpointFolder.Sorted(folder.Root), Has.Count.EqualTo(4));
    }

    [Test]
    public void ACheckpointGetsItsNameWhenItIsWhole()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["tmp-checkpoint-3"]);
        File.WriteAllText(folder["tmp-checkpoint-3/left"], "by an interrupted save");
        var staging = CheckpointFolder.Begin(folder.Root, 3);
        Assert.That(staging, Is.EqualTo(folder["tmp-checkpoint-3"]));
        Assert.That(Directory.EnumerateFileSystemEntries(staging), Is.Empty);
        Assert.That(CheckpointFolder.Last(folder.Root), Is.Null);
        File.WriteAllText(Path.Combine(staging, "new"), "");
        Assert.That(CheckpointFolder.Commit(staging), Is.EqualTo(folder["checkpoint-3"]));
        Assert.That(Directory.Exists(staging), Is.False);
        Assert.That(File.Exists(folder["checkpoint-3/new"]), Is.True);
    }

    [Test]
    public void AnEmptyFolderIsReplacedAndAnotherWrittenInto()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["checkpoint-2"]);
        Assert.That(CheckpointFolder.Commit(CheckpointFolder.Begin(folder.Root, 2)), Is.EqualTo(folder["checkpoint-2"]));
        File.WriteAllText(folder["checkpoint-2/note.txt"], "note");
        Assert.That(CheckpointFolder.Begin(folder.Root, 2), Is.EqualTo(folder["checkpoint-2"]));
        Assert.That(CheckpointFolder.Commit(folder["checkpoint-2"]), Is.EqualTo(folder["checkpoint-2"]));
        Assert.That(File.Exists(folder["checkpoint-2/note.txt"]), Is.True);
    }

    private static IEnumerable<long?> Steps(IEnumerable<string> folders) => folders.Select(CheckpointFolder.StepOf);
}
