using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class GatherTests
{
    private static readonly Tensor Ids = Tensor.From([2L, 0, 0, 1, 1, 2, 2, 2], [2, 4]).Keep();

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["gather"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Gather(golden.Int("dim"), golden["index"]));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].T.Gather(1, Ids) * x[0].Gather(0, Ids.T).T, GradientCheck.Normal([3, 2], seed: 3));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Large_tensors_are_gathered_along_each_axis(int dim)
    {
        var random = new Random(dim);
        var x = Tensor.From(Enumerable.Range(0, 30 * 40 * 50).ToArray(), [30, 40, 50]).Permute(2, 0, 1); // 50, 30, 40
        Shape shape = new Shape(45, 30, 35).With(dim, 33);
        var index = Tensor.From(Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.Next((int)x.Size(dim))).ToArray(), shape);
        int[] found = x.Gather(dim, index).ToArray<int>(), from = x.ToArray<int>(), ids = index.ToArray<int>();
        Span<int> at = stackalloc int[3];
        for (var i = 0; i < found.Length; i++)
        {
            (at[0], at[1], at[2]) = (i / (int)(shape[1] * shape[2]), i / (int)shape[2] % (int)shape[1], i % (int)shape[2]);
            at[dim] = ids[i];
            if (found[i] != from[(((at[0] * 30) + at[1]) * 40) + at[2]]) Assert.Fail($"element {i} along {dim}: found {found[i]}");
        }
    }

    [Test]
    public void Indices_that_do_not_fit_are_named()
    {
        var x = Tensor.Zeros([3, 2]);
        Assert.That(() => x.Gather(0, Tensor.From([3L], [1, 1])), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Gather: index 3"));
        Assert.That(() => x.Gather(0, Tensor.From([-1], [1, 1])), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("index -1"));
        Assert.That(() => x.Gather(0, Tensor.From([0L], [1])), Throws.ArgumentException.With.Message.Contains("index of shape [1]"));
        Assert.That(() => x.Gather(0, Tensor.Zeros([1, 3], DType.Int64)), Throws.ArgumentException.With.Message.Contains("off axis 0"));
        Assert.That(() => x.Gather(0, Tensor.Zeros([1, 2])), Throws.ArgumentException.With.Message.Contains("int64"));
    }

    [Test]
    public void Steps_allocate_nothing() => AllocationCheck.Of(x => x[0].Gather(1, Ids), Tensor.Zeros([2, 3]));
}
