using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class Conv1DTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["conv1d_hf"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Conv1D(golden["weight"], golden["bias"]));

    [Test]
    public void Gradients_are_the_derivatives() => GradientCheck.Of(
        x => x[0].Conv1D(x[1], x[2]), GradientCheck.Normal([2, 3, 4], seed: 2), GradientCheck.Normal([4, 5], seed: 3),
        GradientCheck.Normal([5], seed: 4));

    [Test]
    public void A_second_backward_adds_to_the_buffer_of_the_weight()
    {
        var weight = GradientCheck.Normal([4, 5], seed: 3).WithGrad();
        var x = GradientCheck.Normal([3, 4], seed: 2);
        x.Conv1D(weight).Sum().Backward();
        var once = Compare.Doubles(weight.Grad!.Value);
        x.Conv1D(weight).Sum().Backward();
        Assert.That(Compare.Doubles(weight.Grad!.Value), Is.EqualTo(once.Select(value => 2 * value)).Within(1e-12));
    }

    [Test]
    public void Steps_allocate_nothing() =>
        AllocationCheck.Of(x => x[0].Conv1D(x[1], x[2]), Tensor.Zeros([2, 3, 4]), Tensor.Zeros([4, 5]), Tensor.Zeros([5]));
}
