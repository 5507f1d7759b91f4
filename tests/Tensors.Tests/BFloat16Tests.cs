namespace NativeTrainer.Tensors.Tests;

public sealed class BFloat16Tests
{
    [Test]
    public void Every_value_widens_and_comes_back()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = (float)new BFloat16((ushort)bits);
            Assert.That(BitConverter.SingleToUInt32Bits(value), Is.EqualTo((uint)bits << 16));
            var back = ((BFloat16)value).Bits;
            if (float.IsNaN(value)) Assert.That(float.IsNaN((float)new BFloat16(back)), Is.True, $"bits {bits:X4}");
            else Assert.That(back, Is.EqualTo(bits), $"bits {bits:X4}");
        }
    }

    [Test]
    public void Rounding_goes_to_the_nearest_and_a_tie_to_the_even_one()
    {
        // Between each finite value and the next greater in size, in double precision; the largest is followed by 2^128, which is infinity.
        for (var bits = 0; bits < 0x7F80; bits++)
        {
            var low = (double)(float)new BFloat16((ushort)bits);
            var high = bits == 0x7F7F ? Math.ScaleB(1, 128) : (double)(float)new BFloat16((ushort)(bits + 1));
            foreach (var part in new[] { 0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF })
            {
                var value = BitConverter.UInt32BitsToSingle(((uint)bits << 16) | (uint)part);
                var (below, above) = (value - low, high - value);
                var up = above < below || (above == below && bits % 2 == 1);
                var expected = up ? bits + 1 : bits;
                Assert.That(((BFloat16)value).Bits, Is.EqualTo(expected), $"{value:R} between {low:R} and {high:R}");
                Assert.That(((BFloat16)(-value)).Bits, Is.EqualTo(expected | 0x8000), $"{-value:R}");
            }
        }
    }

    [TestCase(0x7F800001u)]
    [TestCase(0x7F80FFFFu)]
    [TestCase(0x7FC00000u)]
    [TestCase(0x7FFFFFFFu)]
    [TestCase(0xFF800001u)]
    [TestCase(0xFFFFFFFFu)]
    public void Nan_stays_nan_with_its_sign(uint bits)
    {
        var value = (BFloat16)BitConverter.UInt32BitsToSingle(bits);
        Assert.That(float.IsNaN((float)value), Is.True);
        Assert.That(value.Bits >> 15, Is.EqualTo((int)(bits >> 31)));
    }

    [Test]
    public void Infinity_zero_and_overflow()
    {
        Assert.That(((BFloat16)float.PositiveInfinity).Bits, Is.EqualTo(0x7F80));
        Assert.That(((BFloat16)float.NegativeInfinity).Bits, Is.EqualTo(0xFF80));
        Assert.That(((BFloat16)float.MaxValue).Bits, Is.EqualTo(0x7F80));
        Assert.That(((BFloat16)(-0f)).Bits, Is.EqualTo(0x8000));
        Assert.That(((BFloat16)float.Epsilon).Bits, Is.EqualTo(0));
    }

    [Test]
    public void Equality_is_that_of_numbers()
    {
        var (zero, minusZero, nan) = ((BFloat16)0f, (BFloat16)(-0f), (BFloat16)float.NaN);
        Assert.That(zero == minusZero, Is.True);
        Assert.That(zero.GetHashCode(), Is.EqualTo(minusZero.GetHashCode()));
        Assert.That(nan == (BFloat16)float.NaN, Is.False, "operators as IEEE 754 has them");
        Assert.That(nan.Equals(nan), Is.True, "Equals as collections need it");
        Assert.That(((BFloat16)1.5f).ToString(), Is.EqualTo("1.5"));
    }
}
