namespace NativeTrainer.Tensors.Tests;

public class Philox4x32Tests
{
    // The known answers that come with the Random123 library: counter, key, four words.
    [TestCase(0ul, 0ul, 0ul, new[] { 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u })]
    [TestCase(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, new[] { 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu })]
    [TestCase(0x85a308d3243f6a88, 0x0370734413198a2eul, 0x299f31d0a4093822ul, new[] { 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u })]
    public void KnownAnswers(ulong offset, ulong subsequence, ulong seed, uint[] words)
    {
        var found = Philox4x32.Generate(seed, offset, subsequence);
        Assert.That(new[] { found[0], found[1], found[2], found[3] }, Is.EqualTo(words));
    }

    [Test]
    public void FillAgreesWithGenerateAtEveryLengthAndOverTheCarry([Range(0, 135)] int length)
    {
        const ulong seed = 0x1234_5678_9ABC_DEF0, subsequence = 0xFEDC_BA98_7654_3210;
        foreach (var offset in new[] { 0ul, uint.MaxValue - 3ul, ulong.MaxValue - 2 })
        {
            var words = new uint[length];
            Philox4x32.Fill(words, seed, offset, subsequence);
            for (var i = 0; i < length; i++)
            {
                var expected = Philox4x32.Generate(seed, unchecked(offset + (ulong)(i / 4)), subsequence)[i % 4];
                Assert.That(words[i], Is.EqualTo(expected), $"offset {offset}, length {length}, word {i}");
            }
        }
    }
}
