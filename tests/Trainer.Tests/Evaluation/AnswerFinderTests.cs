using NativeTrainer.Evaluation;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Evaluation;

/// <summary>Spans chosen by hand-made logits, as run_qa's rules say.</summary>
public sealed class AnswerFinderTests
{
    // [CLS] q [SEP] é 𝄞x yz [SEP] over the text "é 𝄞x yz", whose second word begins with a code point of two units.
    private static readonly AnswerFeature Feature = new(0, [null, null, null, (0, 1), (2, 4), (5, 7), null]);

    [Test]
    public void The_greatest_sum_of_a_begin_and_a_later_end_wins()
    {
        var answer = new AnswerFinder().Find(["é 𝄞x yz"], [Feature], Logits(9, 0, 0, 1, 5, 2, 0), Logits(9, 0, 0, 6, 3, 4, 8)).Single();
        Assert.That(answer.Text, Is.EqualTo("𝄞x yz")); // 5 + 4; the end at place 3 lies before, those outside the text do not count
        Assert.That((answer.Best[0].Start, answer.Best[0].End, answer.Best[0].Score), Is.EqualTo((2, 7, 9.0)));
        Assert.That(answer.Best.Sum(span => span.Probability), Is.EqualTo(1).Within(1e-12));
        Assert.That(answer.NullScoreDifference, Is.Null);
    }

    [Test]
    public void An_answer_is_no_longer_than_it_may_be()
    {
        var finder = new AnswerFinder { MaxAnswerLength = 1 };
        Assert.That(finder.Find(["é 𝄞x yz"], [Feature], Logits(0, 0, 0, 1, 5, 2, 0), Logits(0, 0, 0, 1, 1, 9, 0)).Single().Text, Is.EqualTo("yz"));
    }

    [Test]
    public void No_answer_is_given_where_more_speaks_for_it()
    {
        var finder = new AnswerFinder { AllowsNoAnswer = true };
        var (starts, ends) = (Logits(3, 0, 0, 1, 5, 2, 0), Logits(7, 0, 0, 1, 3, 4, 0));
        var answer = finder.Find(["é 𝄞x yz"], [Feature], starts, ends).Single();
        Assert.That((answer.Text, answer.NullScoreDifference), Is.EqualTo(("", 1.0))); // 3 + 7 against 5 + 4
        var patient = new AnswerFinder { AllowsNoAnswer = true, NullScoreDiffThreshold = 1 };
        Assert.That(patient.Find(["é 𝄞x yz"], [Feature], starts, ends).Single().Text, Is.EqualTo("𝄞x yz"));
    }

    private static Tensor Logits(params float[] values) => Tensor.From(values, [1, values.Length]);
}
