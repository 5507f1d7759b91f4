using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class CopyFromTests
{
    [Test]
    public void A_view_is_written_to_with_broadcasting_and_conversion()
    {
        var x = Tensor.Zeros([2, 3]);
        x.Slice(1, 1..).CopyFrom(Tensor.From([5L, 6], [2]));
        Assert.That(x.ToArray<float>(), Is.EqualTo(new float[] { 0, 5, 6, 0, 5, 6 }));
        x.T.Select(0, 0).Fill(-1);
        Assert.That(x.ToArray<float>(), Is.EqualTo(new float[] { -1, 5, 6, -1, 5, 6 }));
        Assert.That(x.Version, Is.EqualTo(2));
        Assert.That(() => x.CopyFrom(Tensor.Zeros([4])), Throws.ArgumentException.With.Message.Contains("[4] cannot be expanded to [2, 3]"));
    }

    [Test]
    public void A_leaf_is_changed_only_where_nothing_is_recorded()
    {
        var weight = Tensor.Zeros([2]).WithGrad();
        Assert.That(() => weight.Fill(1), Throws.InvalidOperationException.With.Message.Contains("NoGrad"));
        Assert.That(() => weight.CopyFrom(Tensor.Ones([2])), Throws.InvalidOperationException);
        Assert.That(() => weight.Select(0, 1).Fill(1), Throws.InvalidOperationException, "a recorded view of it");
        Assert.That(() => Tensor.Zeros([2]).CopyFrom(weight), Throws.InvalidOperationException.With.Message.Contains("copied in place"), "its gradient would be lost");
        using (NoGrad.Enter()) weight.CopyFrom(Tensor.From([1f, 2f], [2])).Select(0, 1).Fill(7);
        Assert.That(weight.ToArray<float>(), Is.EqualTo(new float[] { 1, 7 }));
        Assert.That(weight.IsLeaf && weight.RequiresGrad, Is.True);
    }

    [Test]
    public void A_backward_pass_that_needs_the_old_content_is_refused()
    {
        Tensor weight = Tensor.Ones([2]).WithGrad(), data = Tensor.Ones([2, 2]);
        var loss = (weight * data).Sum();
        data.Select(0, 1).Fill(3);
        Assert.That(() => loss.Backward(), Throws.InvalidOperationException.With.Message.Contains("changed in place"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(_ => Tensor.Zeros([3]).CopyFrom(Tensor.Ones([1])).Fill(2));
}
