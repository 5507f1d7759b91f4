namespace NativeTrainer.Tensors.Tests;

public sealed class DTypeTests
{
    [TestCase(DType.Float32, "float32", 4, true)]
    [TestCase(DType.Float64, "float64", 8, true)]
    [TestCase(DType.Float16, "float16", 2, true)]
    [TestCase(DType.BFloat16, "bfloat16", 2, true)]
    [TestCase(DType.Int64, "int64", 8, false)]
    [TestCase(DType.Int32, "int32", 4, false)]
    [TestCase(DType.Int16, "int16", 2, false)]
    [TestCase(DType.Int8, "int8", 1, false)]
    [TestCase(DType.UInt8, "uint8", 1, false)]
    [TestCase(DType.Bool, "bool", 1, false)]
    [TestCase(DType.Float8E4M3, "float8_e4m3fn", 1, true)]
    [TestCase(DType.Float8E5M2, "float8_e5m2", 1, true)]
    public void Names_and_sizes_are_torchs(DType dtype, string name, int bytes, bool floating)
    {
        Assert.That((dtype.TorchName, dtype.ByteSize, dtype.IsFloatingPoint), Is.EqualTo((name, bytes, floating)));
        Assert.That(DTypeExtensions.TryParse(name, out var bare) ? bare : null as DType?, Is.EqualTo(dtype));
        Assert.That(DTypeExtensions.TryParse("torch." + name, out var full) ? full : null as DType?, Is.EqualTo(dtype));
    }

    [TestCase("Float32")]
    [TestCase("torch.")]
    [TestCase("")]
    [TestCase("complex64")]
    public void Other_names_are_no_dtypes(string name) => Assert.That(DTypeExtensions.TryParse(name, out _), Is.False);

    [Test]
    public void Every_element_type_has_its_dtype()
    {
        DType[] found =
        [
            DTypeExtensions.Of<float>(), DTypeExtensions.Of<double>(), DTypeExtensions.Of<Half>(), DTypeExtensions.Of<BFloat16>(), DTypeExtensions.Of<long>(),
            DTypeExtensions.Of<int>(), DTypeExtensions.Of<short>(), DTypeExtensions.Of<sbyte>(), DTypeExtensions.Of<byte>(), DTypeExtensions.Of<bool>(),
        ];
        Assert.That(found, Is.EqualTo(Enum.GetValues<DType>().Take(10)));
        Assert.That(() => DTypeExtensions.Of<char>(), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Char").And.Message.Contains("BFloat16"));
    }
}
