namespace NativeTrainer.Tensors.Tests;

public class AtomicFileTests
{
    [Test]
    public void AFileIsReplacedAndItsFolderMade()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllText(folder["a/b/state.json"], "old");
        AtomicFile.WriteAllText(folder["a/b/state.json"], "nöw");
        Assert.That(File.ReadAllBytes(folder["a/b/state.json"]), Is.EqualTo("nöw"u8.ToArray()), "UTF-8 without a byte order mark");
        Assert.That(Directory.GetFiles(folder["a/b"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void AFailureLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllText(folder["state.json"], "old");
        Assert.That(
            () => AtomicFile.Write(folder["state.json"], stream =>
            {
                stream.Write("half of"u8);
                throw new IOException("no space left");
            }),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("no space left"));
        Assert.That(Directory.GetFiles(folder.Root), Is.EqualTo(new[] { folder["state.json"] }));
        Assert.That(File.ReadAllText(folder["state.json"]), Is.EqualTo("old"));
    }

    [Test]
    public void AFolderInTheWayIsAnError()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["state.json/x"]);
        Assert.That(() => AtomicFile.WriteAllText(folder["state.json"], ""), Throws.InstanceOf<SystemException>());
        Assert.That(Directory.GetFileSystemEntries(folder.Root), Has.Length.EqualTo(1));
    }
}
