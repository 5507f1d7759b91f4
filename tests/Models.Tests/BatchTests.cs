using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests;

/// <summary>Named tensors in order.</summary>
public class BatchTests
{
    private readonly Tensor _ids = Tensor.Zeros([2, 3], DType.Int64), _labels = Tensor.Zeros([2], DType.Int64);

    [Test]
    public void NamesKeepTheirOrderAndReplacementsTheirPlace()
    {
        var batch = new Batch { ["labels"] = _ids, ["input_ids"] = _ids };
        batch["labels"] = _labels;
        Assert.That(batch.Names, Is.EqualTo(new[] { "labels", "input_ids" }));
        Assert.That(batch["labels"], Is.EqualTo(_labels));
        Assert.That(batch.Without("labels").Names, Is.EqualTo(new[] { "input_ids" }));
        Assert.That(batch.Count, Is.EqualTo(2), "the batch itself keeps both");
        Assert.That(batch.Select(entry => entry.Value), Is.EqualTo(new[] { _labels, _ids }));
    }

    [Test]
    public void WhatIsNotThere()
    {
        var batch = new Batch { { "input_ids", _ids } };
        Assert.That(
            (batch.TryGet("labels", out _), batch.Find("labels"), batch.Find("input_ids")),
            Is.EqualTo((false, (Tensor?)null, (Tensor?)_ids)));
        Assert.That(
            () => batch["labels"], Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo("the batch has no labels, it has input_ids"));
        Assert.That(() => batch.Add("input_ids", _ids), Throws.ArgumentException.With.Message.Contains("the batch has input_ids already"));
        batch.Clear();
        Assert.That(
            () => batch["labels"], Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo("the batch has no labels, it has nothing"));
    }

    [Test]
    public void GoingThroughAllocatesNothing()
    {
        var batch = new Batch { ["input_ids"] = _ids, ["labels"] = _labels };
        var before = GC.GetAllocatedBytesForCurrentThread();
        var elements = 0L;
        foreach (var (_, tensor) in batch) elements += tensor.ElementCount;
        batch.Clear();
        batch.Add("input_ids", _ids);
        Assert.That((elements, GC.GetAllocatedBytesForCurrentThread() - before), Is.EqualTo((8L, 0L)));
    }
}
