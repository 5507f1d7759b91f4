namespace NativeTrainer.Tensors.Tests.Python;

public sealed class PythonJsonTests
{
    [Test]
    public void Writes_and_reads_bare_nan_and_infinity()
    {
        const string text = """{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \" Infinity", "d": 1e-05, "e": 2.0, "f": 2}""";
        var value = PythonJson.Read(text);
        var map = (IReadOnlyDictionary<string, object?>)value!;
        Assert.That(map["a"], Is.NaN);
        Assert.That(map["b"], Is.EqualTo(new object[] { double.PositiveInfinity, double.NegativeInfinity }));
        Assert.That(map["c"], Is.EqualTo("NaN \" Infinity"));
        Assert.That(PythonJson.Write(value), Is.EqualTo(text));
    }

    [Test]
    public void Writes_ASCII_alone()
        => Assert.That(PythonJson.Write("é\u007f\u0001\b\f\n\r\t\"\\😀"),
            Is.EqualTo("""
                "\u00e9\u007f\u0001\b\f\n\r\t\"\\\ud83d\ude00"
                """));

    [Test]
    public void Indents_and_sorts_like_Python()
    {
        var nothing = new Dictionary<string, object?>();
        var value = new Dictionary<string, object?> { ["b"] = Array.Empty<int>(), ["a"] = nothing, ["C"] = new[] { 1, 2 } };
        Assert.That(PythonJson.Write(value, indent: 2, sortKeys: true),
            Is.EqualTo("{\n  \"C\": [\n    1,\n    2\n  ],\n  \"a\": {},\n  \"b\": []\n}"));
        Assert.That(PythonJson.Write(value), Is.EqualTo("{\"b\": [], \"a\": {}, \"C\": [1, 2]}"));
    }

    [Test]
    public void Keeps_order_and_the_last_of_repeated_keys()
        => Assert.That(PythonJson.Write(PythonJson.Read("""{"z": 1, "a": 2, "z": 3}""")), Is.EqualTo("""{"z": 3, "a": 2}"""));

    [TestCase("{\n\"a\": 1,\n}", "line 3 is not JSON")]
    [TestCase("", "line 1 is not JSON")]
    [TestCase("{\"a\": NaNa}", "line 1 is not JSON")]
    [TestCase("[\"\\ud83d\"]", "has a text with half a surrogate pair in it")]
    public void Says_what_is_wrong(string text, string message)
        => Assert.That(() => PythonJson.Read(text), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
}
