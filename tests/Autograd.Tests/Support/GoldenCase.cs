using System.Globalization;
using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>
/// One case of torch's numbers: gives its inputs and parameters, judges what an operation makes of them and the gradients that come back.
/// </summary>
/// <remarks>
/// Numbers are judged as the goldens' own script does: the largest difference over the largest value (absolute where all values are below
/// 1e-6), and inf and nan at the same places. float64 must be within 1e-10, float32 within 1e-5 unless the test says otherwise.
/// </remarks>
public sealed class GoldenCase
{
    private readonly GoldenFile _file;
    private readonly JsonElement _description;
    private readonly Dictionary<string, (Tensor Stored, Tensor Seen)> _inputs = [];

    internal GoldenCase(string operation, JsonElement description, DType dtype)
    {
        (Operation, DType, _description) = (operation, dtype, description);
        Name = description.GetProperty("name").GetString()!;
        _file = GoldenFile.Of(operation);
    }

    public string Operation { get; }

    public string Name { get; }

    /// <summary>The precision in which the case runs: float64 or float32. Inputs that are floating point come in it.</summary>
    public DType DType { get; }

    /// <summary>An input as the operation sees it: through the views of the case, a leaf underneath if a gradient is expected.</summary>
    public Tensor this[string input] => Input(input).Seen;

    /// <summary>An input that some cases leave out.</summary>
    public Tensor? Optional(string input) => Has(input) ? this[input] : null;

    /// <summary>Whether the case has an input or a parameter of this name.</summary>
    public bool Has(string name) => _description.GetProperty("in").TryGetProperty(name, out _) || TryParameter(name, out _);

    /// <summary>All inputs whose name starts so, by the number that follows: <c>x0, x1, …</c>.</summary>
    public Tensor[] Inputs(string prefix) =>
    [
        .. _description.GetProperty("in").EnumerateObject().Select(input => input.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(name => name.Length > prefix.Length && name[prefix.Length..].All(char.IsAsciiDigit))
            .OrderBy(name => int.Parse(name[prefix.Length..], CultureInfo.InvariantCulture)).Select(name => this[name]),
    ];

    public int Int(string parameter, int missing = default) => TryParameter(parameter, out var value) ? value.GetInt32() : missing;

    public bool Bool(string parameter, bool missing = false) => TryParameter(parameter, out var value) ? value.GetBoolean() : missing;

    public string? Text(string parameter) => TryParameter(parameter, out var value) ? value.GetString() : null;

    public double Double(string parameter, double missing = default) => TryParameter(parameter, out var value) ? Number(value) : missing;

    public double? OptionalDouble(string parameter) => TryParameter(parameter, out var value) ? Number(value) : null;

    /// <summary>A list, or a single number as a list of one; empty where it is absent.</summary>
    public int[] Ints(string parameter) => [.. Longs(parameter).Select(value => (int)value)];

    /// <inheritdoc cref="Ints"/>
    public long[] Longs(string parameter) => !TryParameter(parameter, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetInt64())] : [value.GetInt64()];

    /// <summary>A parameter as the file has it.</summary>
    public JsonElement Parameter(string name) =>
        TryParameter(name, out var value) ? value : throw new KeyNotFoundException($"{this} has no parameter {name}");

    /// <summary>Runs an operation with one result and judges result and gradients; where torch raised, expects an exception.</summary>
    public void Check(Func<Tensor> operation, double float32 = 1e-5, double float64 = 1e-10, bool gradients = true) =>
        CheckMany(() => [operation()], float32, float64, gradients);

    /// <summary>Runs an operation with several results.</summary>
    public void CheckMany(Func<Tensor[]> operation, double float32 = 1e-5, double float64 = 1e-10, bool gradients = true)
    {
        if (_description.TryGetProperty("raises", out var raised))
        {
            var refusal = Throws.InstanceOf<ArgumentException>().Or.InstanceOf<InvalidOperationException>();
            Assert.That(() => operation(), refusal, $"{this}: torch says {raised}");
            return;
        }
        var outputs = operation();
        var tolerance = DType == DType.Float64 ? float64 : float32;
        var many = _description.GetProperty("many").GetBoolean();
        Assert.That(outputs.Length, Is.EqualTo(_description.GetProperty("out").GetArrayLength()), $"{this}: number of results");
        for (var i = 0; i < outputs.Length; i++)
        {
            var suffix = many ? $".{i}" : "";
            Compare.Near(outputs[i], _file.Get($"{Name}.out{suffix}"), tolerance, $"{this}: out{suffix}");
        }
        if (!gradients) return;
        for (var i = 0; i < outputs.Length; i++)
        {
            var seed = $"{Name}.grad_out{(many ? $".{i}" : "")}";
            if (_file.Has(seed)) outputs[i].Backward(Compare.Convert(_file.Get(seed), DType), retainGraph: true);
        }
        foreach (var name in Wanted())
        {
            if (Input(name).Stored.Grad is not { } gradient) throw new AssertionException($"{this}: no gradient of {name}");
            Compare.Near(gradient, _file.Get($"{Name}.grad.{name}"), tolerance, $"{this}: gradient of {name}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Operation}.{Name} in {DType.TorchName}";

    private (Tensor Stored, Tensor Seen) Input(string name)
    {
        if (_inputs.TryGetValue(name, out var found)) return found;
        var stored = _file.Get($"{Name}.in.{name}");
        if (stored.DType.IsFloatingPoint) stored = Compare.Convert(stored, DType);
        if (Wanted().Contains(name)) stored.WithGrad();
        var hasViews = _description.TryGetProperty("via", out var via) & (via.ValueKind == JsonValueKind.Object);
        var seen = hasViews && via.TryGetProperty(name, out var steps) ? StoredView.Of(stored, steps) : stored;
        return _inputs[name] = (stored, seen);
    }

    private IEnumerable<string> Wanted() =>
        _description.TryGetProperty("grad", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];

    private bool TryParameter(string name, out JsonElement value) =>
        _description.GetProperty("params").TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        _ => Named(value.GetString()),
    };

    private static double Named(string? text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => throw new FormatException($"'{text}' is no number"),
    };
}
