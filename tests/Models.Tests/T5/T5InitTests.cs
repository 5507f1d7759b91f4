using NativeTrainer.Models.Tests.Support;

namespace NativeTrainer.Models.Tests.T5;

/// <summary>The same seed gives the initial weights, and leaves the generator where, Hugging Face does.</summary>
public class T5InitTests
{
    [Test]
    public void ValuesAndWhatIsDrawnNextAreHuggingFaces(
        [Values("t5-tiny", "t5-gated-tiny")] string name, [Values(42UL, 7UL)] ulong seed) =>
        InitGolden.Check(name, seed, () => new T5ForConditionalGeneration(T5Config.FromPretrained(ModelGoldens.Model(name))));

    [Test]
    public void Seed42GivesTheWeightsOfTheFolderBitForBit() => InitGolden.CheckFile(T5Models.Make("t5-tiny"), "t5-tiny");

    [Test]
    public void AFactorScalesEveryDraw()
    {
        var (plain, scaled) = (T5Models.Make("t5-tiny"), T5Models.Make("t5-tiny", change: config => config.InitializerFactor = 0.5));
        foreach (var (one, other) in plain.Parameters().Zip(scaled.Parameters()))
        {
            Assert.That(other.Value.ToArray<float>(), Is.EqualTo(one.Value.ToArray<float>().Select(value => value / 2)), $"{one.Shape}");
        }
    }
}
