namespace NativeTrainer.Kernels;

/// <summary>
/// The 8-bit code of block-wise quantised optimizer states (Dettmers and others, 2022, https://arxiv.org/abs/2110.02861): 256 numbers from
/// −1 or 0 to 1, seven decades whose lower ones have fewer, wider steps. A block's numbers are divided by its largest and stored as codes.
/// </summary>
public sealed class DynamicMap
{
    private readonly float[] _values;
    private readonly float[] _thresholds = new float[256];
    private readonly byte[] _starts = new byte[65536];

    private DynamicMap(bool isSigned)
    {
        List<float> values = [0, 1];
        for (var decade = 0; decade < 7; decade++)
        {
            var count = 1 << (isSigned ? decade : decade + 1);
            var scale = (float)Math.Pow(10, decade - 6);
            for (var i = 0; i < count; i++)
            {
                var mean = scale * ((Edge(i, count) + Edge(i + 1, count)) / 2);
                values.Add(mean);
                if (isSigned) values.Add(-mean);
            }
        }
        values.Sort();
        _values = [.. values];
        for (var code = 0; code < 255; code++)
        {
            // A number in the middle of two codes goes to the even one.
            var middle = (_values[code] + _values[code + 1]) * 0.5f;
            _thresholds[code] = code % 2 == 0 ? middle : MathF.BitDecrement(middle);
        }
        _thresholds[255] = float.PositiveInfinity;
        for (var upper = 0; upper < _starts.Length; upper++)
        {
            // The lowest number whose upper half is this.
            var lowest = BitConverter.Int32BitsToSingle((upper << 16) | (upper >= 0x8000 ? 0xffff : 0));
            var code = 0;
            while (code < 255 && lowest > _thresholds[code]) code++;
            _starts[upper] = (byte)code;
        }
    }

    /// <summary>−1 to 1, for moments of gradients.</summary>
    public static DynamicMap Signed { get; } = new(isSigned: true);

    /// <summary>0 to 1, for moments of squared gradients.</summary>
    public static DynamicMap Unsigned { get; } = new(isSigned: false);

    /// <summary>The number of each code, in order.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>For each code the largest number that it stands for.</summary>
    internal ReadOnlySpan<float> Thresholds => _thresholds;

    /// <summary>For each upper half of a float's bits the code of the lowest such number; 0 for nan.</summary>
    internal ReadOnlySpan<byte> Starts => _starts;

    /// <summary>The code of the nearest number; 0 for nan.</summary>
    public byte Encode(float x)
    {
        // Numbers with the same upper half have at most three codes, so two steps do.
        int code = _starts[BitConverter.SingleToUInt32Bits(x) >> 16];
        code += x > _thresholds[code] ? 1 : 0;
        code += x > _thresholds[code] ? 1 : 0;
        return (byte)code;
    }

    // torch.linspace(0.1, 1, count + 1) in float32, which counts from the nearer end.
    private static float Edge(int i, int count)
    {
        var step = (1f - 0.1f) / count;
        return i < (count + 1) / 2 ? MathF.FusedMultiplyAdd(step, i, 0.1f) : MathF.FusedMultiplyAdd(-step, count - i, 1f);
    }
}
