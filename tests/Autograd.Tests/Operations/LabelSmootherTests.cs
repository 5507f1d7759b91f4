using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

public sealed class LabelSmootherTests
{
    private static readonly Tensor Labels = Tensor.From([2L, -100, 0, 4, 1, 3], [2, 3]);

    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["label_smoother"])]
    public void Agrees_with_transformers(GoldenCase golden) => golden.Check(
        () => golden["logits"].LabelSmoothedLoss(golden["labels"], golden.Double("epsilon"), shiftLabels: golden.Bool("shift_labels")));

    [Test]
    public void The_next_token_loss_is_the_cross_entropy_of_logits_and_labels_moved_apart()
    {
        Tensor x = GradientCheck.Normal([2, 3, 5], seed: 2).WithGrad(), y = GradientCheck.Normal([2, 3, 5], seed: 2).WithGrad();
        var expected = y.Slice(1, 0, 2).Reshape(-1, 5).CrossEntropy(Labels.Slice(1, 1, 3).Reshape(-1));
        var found = x.NextTokenLoss(Labels);
        Compare.Near(found, expected, 1e-14, "loss");
        found.Backward();
        expected.Backward();
        Compare.Near(x.Grad!.Value, y.Grad!.Value, 1e-14, "gradient");
    }

    [Test]
    public void Labels_of_another_shape_are_refused() =>
        Assert.That(
            () => Tensor.Zeros([2, 4, 5]).LabelSmoothedLoss(Labels),
            Throws.ArgumentException.With.Message.Contains("[2, 4, 5]").And.Message.Contains("[2, 3]"));

    [Test]
    public void Steps_allocate_nothing() =>
        AllocationCheck.Of(x => x[0].LabelSmoothedLoss(Labels, shiftLabels: true), Tensor.Zeros([2, 3, 5]));
}
