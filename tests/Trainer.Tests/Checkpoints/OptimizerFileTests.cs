using System.Text.Json;
using NativeTrainer.Checkpoints;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Checkpoints;

public class OptimizerFileTests
{
    [Test]
    public void ARealAdamWIsReadCompletely()
    {
        var layout = Golden.Json("checkpoint-10/layout.json").GetProperty("optimizer.pt");
        using var file = OptimizerFile.Open(Golden.Path("checkpoint-10/optimizer.pt"));
        Assert.That(file.State, Has.Count.EqualTo(28));
        foreach (var parameter in layout.GetProperty("parameters").EnumerateArray())
        {
            var index = parameter.GetProperty("index").GetInt64();
            var state = file.State[index];
            Assert.That(state.Keys, Is.EqualTo(new[] { "step", "exp_avg", "exp_avg_sq" }));
            Assert.That(state.Whole("step"), Is.EqualTo(10));
            var shape = parameter.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            Assert.That(state.Tensor("exp_avg").Shape, Is.EqualTo(new Shape(shape)), $"parameter {index}");
            Assert.That(
                state.Tensor("exp_avg_sq").ToArray<float>(),
                Has.All.InRange(0f, 1f).And.Some.GreaterThan(0f),
                $"parameter {index}");
            Assert.That(OptimizerFile.Parameters(file.Groups[parameter.GetProperty("group").GetInt32()]), Does.Contain(index));
        }
        foreach (var (group, expected) in file.Groups.Zip(layout.GetProperty("param_groups").EnumerateArray()))
        {
            Assert.That(group.Keys, Is.EqualTo(expected.EnumerateObject().Select(option => option.Name)));
            Assert.That(group.Number("lr"), Is.EqualTo(expected.GetProperty("lr").GetDouble()));
            Assert.That(group.Number("weight_decay"), Is.EqualTo(expected.GetProperty("weight_decay").GetDouble()));
            Assert.That(group.Numbers("betas"), Is.EqualTo(new[] { 0.9, 0.999 }));
            Assert.That(group["foreach"], Is.Null);
            Assert.That(group.Flag("decoupled_weight_decay"), Is.True);
        }
    }

    [Test]
    public void WhatIsMadeHereHasTheBytesOfTheRealFile()
    {
        // Not copied from an open file but built anew from numbers, as an optimizer does it.
        using var real = OptimizerFile.Open(Golden.Path("checkpoint-10/optimizer.pt"));
        var made = new OptimizerFile();
        foreach (var (parameter, state) in real.State)
        {
            made.State[parameter] = new StateDictionary
            {
                { "step", TorchTensor.Scalar(10f) },
                { "exp_avg", TorchTensor.From(state.Tensor("exp_avg").ToTensor()) },
                { "exp_avg_sq", TorchTensor.From(state.Tensor("exp_avg_sq").ToTensor()) },
            };
        }
        foreach (var (decay, first, count) in new[] { (0.1, 0, 10), (0.0, 10, 18) })
        {
            made.Groups.Add(new StateDictionary
            {
                { "weight_decay", decay }, { "lr", 0.0006368314950360416 }, { "betas", (0.9, 0.999) }, { "eps", 1e-8 },
                { "amsgrad", false }, { "maximize", false }, { "foreach", null }, { "capturable", false },
                { "differentiable", false }, { "fused", null }, { "decoupled_weight_decay", true },
                { "initial_lr", 0.001 }, { "params", Enumerable.Range(first, count).Select(i => (long)i).ToArray() },
            });
        }
        using var folder = new TemporaryFolder();
        made.Save(folder["optimizer.pt"]);
        var (expected, found) = (File.ReadAllBytes(Golden.Path("checkpoint-10/optimizer.pt")), File.ReadAllBytes(folder["optimizer.pt"]));
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        Assert.That(expected.AsSpan().CommonPrefixLength(found), Is.GreaterThan(981_904), "all before the identity");
    }

    [Test]
    public void AFailedSaveLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["optimizer.pt"], "old");
        var file = new OptimizerFile();
        file.State[0] = new StateDictionary { { "step", new TorchTensor(new Failing(), [1], [1]) } };
        Assert.That(() => file.Save(folder["optimizer.pt"]), Throws.InstanceOf<IOException>());
        Assert.That(Directory.GetFileSystemEntries(folder.Root), Is.EqualTo(new[] { folder["optimizer.pt"] }));
        Assert.That(File.ReadAllText(folder["optimizer.pt"]), Is.EqualTo("old"));
    }

    [Test]
    public void NumbersOfAnyKindAreReadAndOthersNamed()
    {
        var state = new StateDictionary("optimizer.pt", "state[3]")
        {
            { "int", 7L }, { "tensor", TorchTensor.Scalar(7L) }, { "half", TorchTensor.Scalar((Half)7) },
            { "text", "7" }, { "part", 0.5 }, { "pair", (1, 2.5) },
        };
        Assert.That(new[] { state.Whole("int"), state.Whole("tensor"), state.Whole("half") }, Is.All.EqualTo(7));
        Assert.That(state.Numbers("pair"), Is.EqualTo(new[] { 1, 2.5 }));
        Assert.That(state.Number("missing", 3), Is.EqualTo(3));
        Assert.That(
            () => state.Number("text"),
            Throws.InstanceOf<CheckpointException>().With.Message.EqualTo("optimizer.pt: state[3] 'text' is '7', expected a number"));
        Assert.That(() => state.Whole("part"), Throws.InstanceOf<CheckpointException>().With.Message.Contains("expected a whole number"));
        Assert.That(() => state.Tensor("int"), Throws.InstanceOf<CheckpointException>().With.Message.Contains("expected a tensor"));
    }

    [Test]
    public void OtherThingsThanAnOptimizersState()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Save(folder["list.pt"], new List<object?>());
        TorchFile.Save(folder["other.pt"], new StateDictionary { { "model", 1L } });
        TorchFile.Save(folder["groups.pt"], new StateDictionary
        {
            { "state", new OrderedDictionary<object, object?>() },
            { "param_groups", new List<object?> { new StateDictionary { { "lr", 1.0 } } } },
        });
        Fails(() => OptimizerFile.Open(folder["list.pt"]), "list.pt: is a list, expected a dictionary");
        Fails(() => OptimizerFile.Open(folder["other.pt"]), "other.pt: has no 'state'; it has model");
        Fails(() => OptimizerFile.Open(folder["groups.pt"]), "groups.pt: param_groups[0] has no 'params'");
        Fails(() => RngStateFile.Read(folder["other.pt"]), "other.pt: has no 'python'");

        static void Fails(Action open, string message) =>
            Assert.That(open, Throws.InstanceOf<CheckpointException>().With.Message.Contains(message));
    }

    private sealed class Failing() : TorchStorage(DType.Float32, 4)
    {
        public override Stream Open() => throw new IOException("no space left");
    }
}
