namespace NativeTrainer.Models;

/// <summary>How text is generated: the fields of Hugging Face's <c>generation_config.json</c>, with its defaults.</summary>
/// <remarks>
/// All fields are read and written back. Those with a property here are honoured; <see cref="Validate"/> refuses the others by name where
/// they are not at their defaults.
/// <example><code>
/// var config = new GenerationConfig { MaxNewTokens = 40, DoSample = true, Temperature = 0.8, TopK = 20 };
/// </code></example>
/// </remarks>
public sealed partial class GenerationConfig
{
    private readonly Dictionary<string, object?> _values = new(Defaults);
    private string _origin = nameof(GenerationConfig);

    /// <summary>The most positions of a row, prompt and padding included; <see cref="MaxNewTokens"/> comes before it. Default 20.</summary>
    public int? MaxLength { get => OptionalInt("max_length"); set => this["max_length"] = value; }

    /// <summary>The most new tokens of a row.</summary>
    public int? MaxNewTokens { get => OptionalInt("max_new_tokens"); set => this["max_new_tokens"] = value; }

    /// <summary>Draw each token at random by its probability, rather than take the likeliest. Default false.</summary>
    public bool DoSample { get => Bool("do_sample"); set => this["do_sample"] = value; }

    /// <summary>What scores are divided by before sampling; above 0. Default 1.</summary>
    public double Temperature { get => Real("temperature"); set => this["temperature"] = value; }

    /// <summary>Sample from this many of the likeliest tokens only; 0 is off. Default 50.</summary>
    public int TopK { get => OptionalInt("top_k") ?? 0; set => this["top_k"] = value; }

    /// <summary>Sample from the likeliest tokens only that together have this probability; 1 is off. Default 1.</summary>
    public double TopP { get => Real("top_p"); set => this["top_p"] = value; }

    /// <summary>Whether to keep the keys and values of past positions: the same tokens, faster. Default true.</summary>
    public bool UseCache { get => Bool("use_cache"); set => this["use_cache"] = value; }

    /// <summary>What fills a row up that has ended; the first of <see cref="EosTokenIds"/> where null.</summary>
    public int? PadTokenId { get => OptionalInt("pad_token_id"); set => this["pad_token_id"] = value; }

    /// <summary>The id that begins a text.</summary>
    public int? BosTokenId { get => OptionalInt("bos_token_id"); set => this["bos_token_id"] = value; }

    /// <summary>The ids that end a row; none where empty.</summary>
    public IReadOnlyList<int> EosTokenIds
    {
        get => this["eos_token_id"] switch
        {
            null => [],
            long id => [checked((int)id)],
            IReadOnlyList<object?> ids when ids.All(id => id is long) => [.. ids.Select(id => checked((int)(long)id!))],
            _ => throw Wrong("eos_token_id", "a whole number or a list of them"),
        };
        set => this["eos_token_id"] = value.Count switch
        {
            0 => null,
            1 => (long)value[0],
            _ => value.Select(id => (object?)(long)id).ToList(),
        };
    }

    /// <summary>
    /// Seeds the draws of one call, as <c>torch.manual_seed</c> before it; the thread's generator goes on where null. Not part of the file.
    /// </summary>
    public ulong? Seed { get; set; }

    /// <summary>Whether it was made from a model's <c>config.json</c> and not written by somebody.</summary>
    public bool IsFromModelConfig { get => Bool("_from_model_config"); private set => this["_from_model_config"] = value; }

    /// <summary>A field's plain value (null, bool, long, double, text, list) by its name in the file.</summary>
    /// <exception cref="ConfigurationException">There is no such field.</exception>
    public object? this[string name]
    {
        get => _values.TryGetValue(name, out var value) ? value : throw Unknown(name);
        set
        {
            if (!_values.ContainsKey(name)) throw Unknown(name);
            _values[name] = value is int whole ? (long)whole : value;
        }
    }

    /// <summary>Whether there is a field of this name.</summary>
    public static bool Knows(string name) => Defaults.ContainsKey(name);

    /// <summary>Whether a field has Hugging Face's default.</summary>
    public bool IsAtDefault(string name) => PythonValue.AreEqual(this[name], Defaults.GetValueOrDefault(name));

    /// <summary>A copy, to be changed for one call.</summary>
    public GenerationConfig Clone()
    {
        var copy = new GenerationConfig { Seed = Seed, _origin = _origin };
        foreach (var (name, value) in _values) copy._values[name] = value;
        return copy;
    }

    /// <summary>Checks types and ranges, and refuses what is not supported.</summary>
    /// <exception cref="ConfigurationException">The first field that does not hold.</exception>
    public void Validate()
    {
        foreach (var name in Defaults.Keys)
        {
            if (!Supported.Contains(name) && !IsAtDefault(name))
            {
                throw Wrong(name, $"{PlainJson.Write(Defaults[name])}: nothing else is supported yet");
            }
        }
        _ = (MaxLength, DoSample, UseCache, PadTokenId, BosTokenId, EosTokenIds);
        if (MaxNewTokens is null && MaxLength is null) throw Wrong("max_length", "a whole number, or max_new_tokens");
        if (MaxNewTokens < 1) throw Wrong("max_new_tokens", "a whole number from 1 on");
        if (!DoSample) return;
        if (!(Temperature > 0 && double.IsFinite(Temperature))) throw Wrong("temperature", "a number above 0");
        if (TopK < 0) throw Wrong("top_k", "a whole number from 0 on");
        if (!(TopP >= 0)) throw Wrong("top_p", "a number from 0 on");
    }

    /// <summary>What is set and has no effect, as sentences.</summary>
    public IEnumerable<string> Warnings()
    {
        if (DoSample) yield break;
        foreach (var name in SamplingOptions)
        {
            if (!IsAtDefault(name)) yield return $"{name} is {PlainJson.Write(this[name])} and has no effect, since do_sample is false";
        }
    }

    private int? OptionalInt(string name) => this[name] switch
    {
        null => null,
        long whole and >= int.MinValue and <= int.MaxValue => (int)whole,
        _ => throw Wrong(name, "a whole number"),
    };

    private bool Bool(string name) => this[name] as bool? ?? throw Wrong(name, "true or false");

    // As Hugging Face, which refuses a whole number here.
    private double Real(string name) => this[name] as double? ?? throw Wrong(name, "a number with a decimal point, as 1.0");

    private ConfigurationException Wrong(string name, string expected) =>
        new(_origin, $"{name} is {PlainJson.Write(this[name])}, expected {expected}");

    private ConfigurationException Unknown(string name) => new(_origin, $"unknown generation option {name}");
}
