namespace NativeTrainer.Tensors.Tests;

public class MersenneTwisterTests
{
    [Test]
    public void FirstWordsOfSeed42()
    {
        var twister = new MersenneTwister(42);
        foreach (var word in Golden.Json("random.json").GetProperty("first_words_of_seed_42").EnumerateArray())
        {
            Assert.That(twister.Next(), Is.EqualTo(word.GetUInt32()));
        }
    }

    // The C++ standard names the 10,000th output of mt19937, whose default seed is 5489.
    [Test]
    public void TenThousandthWordOfTheStandardSeed()
    {
        var twister = new MersenneTwister(5489);
        for (var i = 1; i < 10_000; i++) twister.Next();
        Assert.That(twister.Next(), Is.EqualTo(4123659995u));
    }

    // The first outputs that the authors publish for init_by_array with this key.
    [Test]
    public void KeyOfFourWords()
    {
        var twister = new MersenneTwister(0);
        twister.Seed([0x123, 0x234, 0x345, 0x456]);
        uint[] found = [twister.Next(), twister.Next(), twister.Next(), twister.Next(), twister.Next()];
        Assert.That(found, Is.EqualTo(new[] { 1067595299u, 955945823u, 477289528u, 4107218783u, 4228976476u }));
    }

    [Test]
    public void TakeHandsOutTheSameStream()
    {
        var (one, other) = (new MersenneTwister(7), new MersenneTwister(7));
        for (var taken = 0; taken < 5000;)
        {
            var words = one.Take(1 + (taken % 700));
            foreach (var word in words) Assert.That(word, Is.EqualTo(other.Next()), $"word {taken}");
            taken += words.Length;
        }
    }

    [Test]
    public void LoadRefusesWhatIsNoState()
    {
        var twister = new MersenneTwister(0);
        Assert.That(() => twister.Load(new uint[3], 0), Throws.ArgumentException.With.Message.Contains("624 words, found 3"));
        Assert.That(() => twister.Load(new uint[624], 625), Throws.ArgumentException.With.Message.Contains("625"));
    }
}
