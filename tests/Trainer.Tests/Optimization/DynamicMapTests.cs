using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Optimization;

/// <summary>The 8-bit code against bitsandbytes' own numbers.</summary>
public sealed class DynamicMapTests
{
    [Test]
    public void Numbers_are_those_of_bitsandbytes()
    {
        var maps = SafetensorsFile.Open(Golden.Path("optimizers/maps.safetensors"));
        Assert.That(DynamicMap.Signed.Values.ToArray(), Is.EqualTo(maps["dynamic_signed"].ToArray<float>()));
        Assert.That(DynamicMap.Unsigned.Values.ToArray(), Is.EqualTo(maps["dynamic_unsigned"].ToArray<float>()));
    }

    [Test]
    public void A_number_gets_the_nearest_code_and_a_tie_the_even_one()
    {
        foreach (var map in (DynamicMap[])[DynamicMap.Signed, DynamicMap.Unsigned])
        {
            for (var code = 0; code < 256; code++) Assert.That(map.Encode(map.Values[code]), Is.EqualTo(code));
            for (var code = 0; code < 255; code++)
            {
                var middle = (map.Values[code] + map.Values[code + 1]) * 0.5f;
                Assert.That(map.Encode(middle), Is.EqualTo(code % 2 == 0 ? code : code + 1));
                Assert.That(map.Encode(MathF.BitIncrement(middle)), Is.EqualTo(code + 1));
                Assert.That(map.Encode(MathF.BitDecrement(middle)), Is.EqualTo(code));
            }
            Assert.That(map.Encode(1), Is.EqualTo(255));
            Assert.That(map.Encode(float.NaN), Is.Zero);
        }
    }
}
