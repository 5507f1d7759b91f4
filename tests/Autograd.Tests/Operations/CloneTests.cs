using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class CloneTests
{
    [Test]
    public void A_clone_has_memory_of_its_own()
    {
        var x = Tensor.From([1f, 2f, 3f, 4f], [2, 2]);
        var copy = x.T.Clone();
        x.CopyFrom<float>([5, 6, 7, 8]);
        Assert.That(copy.ToArray<float>(), Is.EqualTo(new float[] { 1, 3, 2, 4 }));
        Assert.That((copy.IsContiguous, x.Clone().Storage == x.Storage), Is.EqualTo((true, false)));
    }

    [Test]
    public void Contiguous_copies_only_where_it_must()
    {
        var x = Tensor.From([1f, 2f, 3f, 4f], [2, 2]);
        Assert.That(x.Contiguous(), Is.EqualTo(x));
        Assert.That(x.T.Contiguous().AsSpan<float>().ToArray(), Is.EqualTo(new float[] { 1, 3, 2, 4 }));
    }

    [Test]
    public void Gradients_pass_through() =>
        GradientCheck.Of(x => x[0].Clone() * x[0].T.Contiguous().T, GradientCheck.Normal([3, 2], seed: 4));

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Clone().T.Contiguous(), Tensor.Zeros([3, 2]));
}
