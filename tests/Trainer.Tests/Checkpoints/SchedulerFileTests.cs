using NativeTrainer.Checkpoints;

namespace NativeTrainer.Tests.Checkpoints;

public class SchedulerFileTests
{
    [Test]
    public void ARealOneIsRead()
    {
        var state = SchedulerFile.Read(Golden.Path("checkpoint-10/scheduler.pt"));
        var expected = Golden.Json("checkpoint-10/layout.json").GetProperty("scheduler.pt");
        Assert.That(state.Keys, Is.EqualTo(expected.EnumerateObject().Select(entry => entry.Name)));
        Assert.That(state.Numbers("base_lrs"), Is.EqualTo(new[] { 0.001, 0.001 }));
        Assert.That(state.Whole("last_epoch"), Is.EqualTo(10));
        Assert.That(state.Whole("_step_count"), Is.EqualTo(11));
        Assert.That(state.Numbers("_last_lr"), Is.All.EqualTo(0.0006368314950360416));
        var empty = new OrderedDictionary<object, object?>();
        Assert.That(state["lr_lambdas"], Is.EqualTo(new List<object?> { empty, empty }));
    }

    [Test]
    public void OneMadeHereHasTheSizeOfTheRealOne()
    {
        using var folder = new TemporaryFolder();
        SchedulerFile.Save(folder["scheduler.pt"], new StateDictionary
        {
            { "base_lrs", new[] { 0.001, 0.001 } }, { "last_epoch", 10 }, { "_step_count", 11 },
            { "_is_initial", false }, { "_get_lr_called_within_step", false },
            { "_last_lr", new[] { 0.0006368314950360416, 0.0006368314950360416 } },
            { "lr_lambdas", new List<object?> { new StateDictionary(), new StateDictionary() } },
        });
        var (expected, found) = (File.ReadAllBytes(Golden.Path("checkpoint-10/scheduler.pt")), File.ReadAllBytes(folder["scheduler.pt"]));
        Assert.That(found[..786], Is.EqualTo(expected[..786]), "all before the identity");
        Assert.That(found, Has.Length.EqualTo(expected.Length));
    }

    [Test]
    public void InfinityAndNoneComeBack()
    {
        using var folder = new TemporaryFolder();
        SchedulerFile.Save(folder["scheduler.pt"], new StateDictionary
        {
            { "mode_worse", double.PositiveInfinity }, { "best", 1.0 }, { "lr_lambdas", new List<object?> { null } },
        });
        var state = SchedulerFile.Read(folder["scheduler.pt"]);
        Assert.That(state.Number("mode_worse"), Is.EqualTo(double.PositiveInfinity));
        Assert.That(state["lr_lambdas"], Is.EqualTo(new List<object?> { null }));
    }
}
