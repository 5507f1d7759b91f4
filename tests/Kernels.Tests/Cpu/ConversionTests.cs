using NativeTrainer.Kernels.Cpu;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>16-bit floats against the library's own conversions: every one of them, and every rounding between two neighbours.</summary>
public sealed unsafe class ConversionTests
{
    [Test]
    public void Every_16_bit_float_widens_exactly([Values(DType.Float16, DType.BFloat16)] DType dtype)
    {
        var bits = AllBits();
        var wide = new float[bits.Length];
        fixed (ushort* from = bits)
        {
            fixed (float* to = wide) Conversion.Load(dtype, from, to, bits.Length);
        }
        for (var i = 0; i < bits.Length; i++) Expect(wide[i], Widened(dtype, bits[i]), $"0x{bits[i]:X4}");
    }

    [Test]
    public void Every_rounding_is_to_nearest_even([Values(DType.Float16, DType.BFloat16)] DType dtype)
    {
        // Each number, the middle to the next one, and the float32 neighbours of both.
        List<float> values = [];
        for (var i = 0; i < 0xFFFF; i++)
        {
            float low = Widened(dtype, (ushort)i), high = Widened(dtype, (ushort)(i + 1));
            foreach (var value in new[] { low, (float)((low + (double)high) / 2) })
            {
                values.AddRange([float.BitDecrement(value), value, float.BitIncrement(value)]);
            }
        }
        var wide = values.ToArray();
        var narrow = new ushort[wide.Length];
        fixed (float* from = wide)
        {
            fixed (ushort* to = narrow) Conversion.Store(from, dtype, to, wide.Length);
        }
        for (var i = 0; i < wide.Length; i++)
        {
            var expected = dtype == DType.Float16 ? (float)(Half)wide[i] : (float)(BFloat16)wide[i];
            Expect(Widened(dtype, narrow[i]), expected, $"{wide[i]:R}");
        }
    }

    [Test]
    public void Short_pieces_touch_nothing_beyond([Values(DType.Float16, DType.BFloat16)] DType dtype, [Range(0, 40)] int count)
    {
        var wide = Enumerable.Range(0, 64).Select(i => (float)i).ToArray();
        var narrow = new ushort[64];
        var back = new float[64];
        Array.Fill(back, -1);
        fixed (float* from = wide, to = back)
        {
            fixed (ushort* between = narrow)
            {
                Conversion.Store(from, dtype, between, count);
                Conversion.Load(dtype, between, to, count);
            }
        }
        for (var i = 0; i < 64; i++)
        {
            Assert.That(back[i], Is.EqualTo(i < count ? i : -1));
            if (i >= count) Assert.That(narrow[i], Is.Zero);
        }
    }

    private static ushort[] AllBits() => [.. Enumerable.Range(0, 0x10000).Select(i => (ushort)i)];

    private static float Widened(DType dtype, ushort bits) =>
        dtype == DType.Float16 ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static void Expect(float found, float expected, string what)
    {
        var same = BitConverter.SingleToInt32Bits(found) == BitConverter.SingleToInt32Bits(expected);
        if (!same && !(float.IsNaN(found) && float.IsNaN(expected))) Assert.Fail($"{what}: found {found:R}, expected {expected:R}");
    }
}
