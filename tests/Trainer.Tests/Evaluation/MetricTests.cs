using NativeTrainer.Evaluation;

namespace NativeTrainer.Tests.Evaluation;

/// <summary>Metrics against values counted by hand, and those in the documentation of scikit-learn, seqeval and SQuAD.</summary>
public sealed class MetricTests
{
    [Test]
    public void Accuracy_leaves_ignored_places_out()
    {
        Assert.That(Accuracy.Of([1, 0, 2, 5], [1, 1, 2, -100]), Is.EqualTo(2 / 3.0).Within(1e-15));
        Assert.That(Accuracy.Of([1], [-100]), Is.NaN);
        Assert.That(() => Accuracy.Of([1], [1, 2]), Throws.ArgumentException.With.Message.Contains("1 predictions and 2 labels"));
    }

    [Test]
    public void F1_is_that_of_scikit_learn()
    {
        // The example of sklearn.metrics.f1_score: macro 0.26666…
        Assert.That(F1Score.Macro([0, 2, 1, 0, 0, 1], [0, 1, 2, 0, 1, 2]), Is.EqualTo(0.8 / 3).Within(1e-15));
        Assert.That(F1Score.Binary([1, 1, 0, 0], [1, 0, 1, -100]), Is.EqualTo(0.5));
        Assert.That(F1Score.Binary([0, 0], [0, 0]), Is.Zero); // no such class
        // And its multi-label one: [[0,0,0],[1,1,1],[0,1,1]] against [[0,0,0],[1,1,1],[1,1,0]]: 4 hits, 5 predicted, 5 wanted.
        Assert.That(
            F1Score.Micro([false, false, false, true, true, true, true, true, false],
                [false, false, false, true, true, true, false, true, true]),
            Is.EqualTo(0.8).Within(1e-15));
    }

    [Test]
    public void Squares_are_averaged() => Assert.That(MeanSquaredError.Of([1, 2, 4], [1, 0, 1]), Is.EqualTo(13 / 3f));

    [Test]
    public void Entities_are_those_of_seqeval()
    {
        // The example of seqeval's documentation: precision, recall and F1 one half.
        string[][] right = [["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]];
        string[][] found = [["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]];
        Assert.That(EntityScore.Of(found, right), Is.EqualTo(new EntityScore(0.5, 0.5, 0.5)));
        // An entity that begins without B, one that follows another, one that changes its type.
        Assert.That(
            EntityScore.Entities(["I-A", "I-A", "B-A", "I-B", "O", "S-C", "E-C"]),
            Is.EquivalentTo(new[] { ("A", 0, 1), ("A", 2, 2), ("B", 3, 3), ("C", 5, 5), ("C", 6, 6) }));
        Assert.That(EntityScore.Of([["O"]], [["O"]]), Is.EqualTo(new EntityScore(0, 0, 0)));
    }

    [Test]
    public void Answers_are_compared_as_SQuAD_does()
    {
        Assert.That(SquadScore.Normalize("The  Cat, an animal!"), Is.EqualTo("cat animal"));
        Assert.That(SquadScore.ExactMatch("the Eiffel-Tower.", ["A tower", "EiffelTower"]), Is.EqualTo(1));
        Assert.That(SquadScore.F1("in Paris, France", ["Paris", "London"]), Is.EqualTo(0.5)); // 1 of 3 and 1 of 1
        Assert.That(SquadScore.F1("", []), Is.EqualTo(1));
        Assert.That(SquadScore.F1("something", []), Is.Zero);
    }

    [Test]
    public void Rouge_is_about_the_longest_common_subsequence()
    {
        // Lin 2004, 3.2: "police killed the gunman" against "police kill the gunman": 3 of 4 words; and "the gunman kill police": 2 of 4.
        Assert.That(RougeL.Of("police kill the gunman", "Police killed the gunman."), Is.EqualTo(0.75));
        Assert.That(RougeL.Of("the gunman kill police", "police killed the gunman"), Is.EqualTo(0.5));
        Assert.That(RougeL.Of("", "something"), Is.Zero);
        Assert.That(RougeL.Of<int>([1, 2, 3, 4], [2, 4]), Is.EqualTo(2 / 3.0).Within(1e-15));
    }
}
