namespace NativeTrainer.Tensors.Tests.Python;

public sealed class PythonTextTests
{
    [Test]
    public void Rounds_by_the_exact_binary_value()
    {
        foreach (var vector in Golden.Json("checkpoints/numbers.json").GetProperty("round").GetProperty("vectors").EnumerateArray())
        {
            var (value, decimals, expected) = (vector[0].GetDouble(), vector[1].GetInt32(), vector[2].GetDouble());
            Assert.That(PythonText.Round(value, decimals), Is.EqualTo(expected), $"round({value:R}, {decimals})");
            Assert.That(PythonText.Round(-value, decimals), Is.EqualTo(-expected), $"round({-value:R}, {decimals})");
        }
    }

    [TestCase(double.NaN, 2, double.NaN)]
    [TestCase(double.NegativeInfinity, 2, double.NegativeInfinity)]
    [TestCase(5e-324, 4, 0.0)]
    [TestCase(1.7976931348623157e308, 4, 1.7976931348623157e308)]
    [TestCase(0.5, 0, 0.0)]
    [TestCase(1.5, 0, 2.0)]
    public void Rounds_the_extremes(double value, int decimals, double expected)
        => Assert.That(PythonText.Round(value, decimals), Is.EqualTo(expected));

    [TestCase(1e-5, "1e-05")]
    [TestCase(1e-12, "1e-12")]
    [TestCase(0.0001, "0.0001")]
    [TestCase(0.1, "0.1")]
    [TestCase(1.0, "1.0")]
    [TestCase(-2.5, "-2.5")]
    [TestCase(0.0, "0.0")]
    [TestCase(500000.0, "500000.0")]
    [TestCase(123456789012345680.0, "1.2345678901234568e+17")]
    [TestCase(1e15, "1000000000000000.0")]
    [TestCase(1e16, "1e+16")]
    [TestCase(0.30000000000000004, "0.30000000000000004")]
    [TestCase(5e-324, "5e-324")]
    public void Writes_floats_as_Python_does(double value, string text) => Assert.That(PythonText.Float(value), Is.EqualTo(text));

    [Test]
    public void Writes_the_shortest_float_text()
    {
        foreach (var vector in Golden.Json("checkpoints/numbers.json").GetProperty("float text").GetProperty("vectors").EnumerateArray())
        {
            var text = vector.GetString()!;
            Assert.That(PythonText.Float(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(text));
        }
    }

    // Texts that CPython prints.
    [TestCase(double.NaN, "nan")]
    [TestCase(double.NegativeInfinity, "-inf")]
    [TestCase(-5e-324, "-5e-324")]
    [TestCase(1.7976931348623157e308, "1.7976931348623157e+308")]
    [TestCase(9999999999999998.0, "9999999999999998.0")]
    [TestCase(123456789012345680.0, "1.2345678901234568e+17")]
    [TestCase(-0.00001234, "-1.234e-05")]
    public void Writes_the_extremes(double value, string expected) => Assert.That(PythonText.Float(value), Is.EqualTo(expected));

    [Test]
    public void Writes_repr_of_what_JSON_has()
    {
        object?[] list = [null, true, 1, 1.0, "it's", "say \"it's\"", "a\\b\n\u0001\u00e9\u200b\U0001F600\U000E0001"];
        const string expected = """[None, True, 1, 1.0, "it's", 'say "it\'s"', 'a\\b\n\x01é\u200b😀\U000e0001']""";
        Assert.That(PythonText.Repr(list), Is.EqualTo(expected));
        Assert.That(PythonText.Repr(new Dictionary<string, object?> { ["a"] = new[] { 1, 2 }, ["b"] = new Dictionary<string, object?>() }),
            Is.EqualTo("{'a': [1, 2], 'b': {}}"));
        Assert.That(PythonText.Str("it's"), Is.EqualTo("it's"));
    }

    [TestCase("10", 10L)]
    [TestCase(" -1_000 ", -1000L)]
    [TestCase("+5", 5L)]
    [TestCase("007", 7L)]
    [TestCase("10.0", null)]
    [TestCase("1e3", null)]
    [TestCase("0x10", null)]
    [TestCase("1__0", null)]
    [TestCase("_1", null)]
    [TestCase("1_", null)]
    [TestCase("", null)]
    [TestCase("1 0", null)]
    [TestCase("99999999999999999999", null)]
    public void Reads_whole_numbers(string text, long? expected)
    {
        var isWhole = PythonText.TryReadWhole(text, out var value);
        Assert.That(isWhole ? value : (long?)null, Is.EqualTo(expected));
    }

    [TestCase("1e-3", 0.001)]
    [TestCase(" 1 ", 1.0)]
    [TestCase("1_000.5", 1000.5)]
    [TestCase(".5", 0.5)]
    [TestCase("5.", 5.0)]
    [TestCase("-Infinity", double.NegativeInfinity)]
    [TestCase("+inf", double.PositiveInfinity)]
    [TestCase("NaN", double.NaN)]
    [TestCase("1e400", double.PositiveInfinity)]
    [TestCase("1,5", null)]
    [TestCase("0x1", null)]
    [TestCase("fast", null)]
    [TestCase("1e", null)]
    [TestCase(".", null)]
    [TestCase("1_.5", null)]
    public void Reads_floats(string text, double? expected)
    {
        var isFloat = PythonText.TryReadFloat(text, out var value);
        Assert.That(isFloat ? value : (double?)null, Is.EqualTo(expected));
    }
}
