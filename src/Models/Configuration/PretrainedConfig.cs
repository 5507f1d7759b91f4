namespace NativeTrainer.Models;

/// <summary>
/// What a <c>config.json</c> says about a model: every field is honoured or refused by name, and written back as Hugging Face writes it.
/// </summary>
/// <remarks>
/// A model's configuration derives from this, lists its fields with Hugging Face's defaults and gives typed access to those that it
/// honours.
/// <example><code>
/// var config = Gpt2Config.FromPretrained("gpt2");
/// config.UpdateFromString("n_layer=6,resid_pdrop=0");
/// </code></example>
/// </remarks>
public abstract partial class PretrainedConfig
{
    /// <summary>The version of Transformers whose behaviour and files this library follows.</summary>
    public const string TransformersVersion = "4.37.2";

    /// <summary>The name of the file in a model's folder.</summary>
    public const string FileName = "config.json";

    private static readonly Dictionary<string, object?> CommonDefaults =
        CommonFields.All.Where(field => !field.IsOptional).ToDictionary(field => field.Name, field => field.Default);

    private readonly Dictionary<string, ConfigField> _fields;
    private readonly IReadOnlyDictionary<string, string> _aliases;
    private readonly Dictionary<string, object?> _values;
    private string _origin;

    /// <summary>A configuration with all fields at their defaults.</summary>
    /// <param name="modelType">Hugging Face's <c>model_type</c>.</param>
    /// <param name="fields">The model's fields; one that every configuration has is listed where its default or use is another.</param>
    /// <param name="aliases">Other names of fields (Hugging Face's <c>attribute_map</c>), from alias to field.</param>
    protected PretrainedConfig(string modelType, IEnumerable<ConfigField> fields, IReadOnlyDictionary<string, string> aliases)
    {
        (ModelType, _aliases, _origin) = (modelType, aliases, GetType().Name);
        _fields = CommonFields.All.ToDictionary(field => field.Name);
        foreach (var field in fields) _fields[field.Name] = field;
        _values = _fields.Values.Where(field => !field.IsOptional).ToDictionary(field => field.Name, field => field.Default);
    }

    /// <summary>Hugging Face's <c>model_type</c>.</summary>
    public string ModelType { get; }

    /// <summary>How many token ids there are.</summary>
    public int VocabSize { get => GetInt("vocab_size", 1); set => this["vocab_size"] = value; }

    /// <summary>The longest sequence that the model has positions for; null where it has no such limit.</summary>
    public virtual int? MaxPositions => Knows("max_position_embeddings") ? GetInt("max_position_embeddings", 1) : null;

    /// <summary>The class that the weights belong to, as <c>GPT2LMHeadModel</c>; null where the file does not say.</summary>
    public string? Architecture
    {
        get => (this["architectures"] as IReadOnlyList<object?>)?.FirstOrDefault() as string;
        set => this["architectures"] = value is null ? null : new List<object?> { value };
    }

    /// <summary>The folder that the model came from; empty for one that is made from scratch.</summary>
    public string NameOrPath
    {
        get => GetText("_name_or_path");
        set => this["_name_or_path"] = value;
    }

    /// <summary>The id that begins a text, if there is one.</summary>
    public int? BosTokenId { get => GetOptionalInt("bos_token_id"); set => this["bos_token_id"] = value; }

    /// <summary>The id that ends a text; the first of them where there are several.</summary>
    public int? EosTokenId
    {
        get => this["eos_token_id"] is IReadOnlyList<object?> list
            ? list.FirstOrDefault() is long first ? checked((int)first) : throw Wrong("eos_token_id", "a whole number or a list of them")
            : GetOptionalInt("eos_token_id");
        set => this["eos_token_id"] = value;
    }

    /// <summary>The id that fills rows up, if there is one.</summary>
    public int? PadTokenId { get => GetOptionalInt("pad_token_id"); set => this["pad_token_id"] = value; }

    /// <summary>How many classes, or numbers, a classifying head gives: the entries of <c>id2label</c>. Setting it makes up names.</summary>
    public int NumLabels
    {
        get => this["id2label"] is IReadOnlyDictionary<string, object?> labels ? labels.Count : throw Wrong("id2label", "names by number");
        set => SetLabelCount((long)value);
    }

    /// <summary>
    /// What a classifying head learns: <c>regression</c>, <c>single_label_classification</c> or <c>multi_label_classification</c>; told
    /// from the first labels where null.
    /// </summary>
    public string? ProblemType { get => this["problem_type"] as string; set => this["problem_type"] = value; }

    /// <summary>Whether a forward pass returns all hidden states unless told otherwise.</summary>
    public bool OutputHiddenStates { get => GetBool("output_hidden_states"); set => this["output_hidden_states"] = value; }

    /// <summary>Whether a forward pass returns the attention weights unless told otherwise.</summary>
    public bool OutputAttentions { get => GetBool("output_attentions"); set => this["output_attentions"] = value; }

    /// <summary>Whether the output layer's weight is that of the token embedding.</summary>
    public bool TieWordEmbeddings { get => GetBool("tie_word_embeddings"); set => this["tie_word_embeddings"] = value; }

    /// <summary>
    /// How attention is to be computed (<c>attn_implementation</c>): eager, sdpa or flash_attention_2 where the model has them; as the model
    /// prefers where null. Not part of the file, as with Hugging Face.
    /// </summary>
    /// <remarks>
    /// All give the same numbers and run the same code. They differ where a query may see nothing, which is a padding position before a text:
    /// eager lets it see all keys equally, the others as if nothing were hidden from it.
    /// </remarks>
    public string? AttnImplementation { get; set; }

    /// <summary>What <see cref="AttnImplementation"/> may be.</summary>
    protected virtual IReadOnlyList<string> AttnImplementations => ["eager"];

    /// <summary>A field's plain value by its name in the file, or by an alias; see <see cref="Set"/>.</summary>
    /// <exception cref="ConfigurationException">The model knows no such field.</exception>
    public object? this[string name]
    {
        get => _values.GetValueOrDefault(FieldNamed(name).Name);
        set => _values[FieldNamed(name).Name] = value is int whole ? (long)whole : value; // what a file would hold
    }

    /// <summary>Whether the model knows a field, or an alias, of this name.</summary>
    public bool Knows(string name) => _fields.ContainsKey(Resolve(name));

    /// <summary>Sets a field and checks the whole configuration; where it does not hold, the field keeps its old value.</summary>
    public void Set(string name, object? value)
    {
        var old = this[name];
        this[name] = value;
        try
        {
            Validate();
        }
        catch
        {
            this[name] = old;
            throw;
        }
    }

    /// <summary>Checks every field: types, ranges, and that nothing is asked for that the model does not do.</summary>
    /// <exception cref="ConfigurationException">The first field that does not hold.</exception>
    public virtual void Validate()
    {
        foreach (var field in _fields.Values)
        {
            if (field.Use != FieldUse.DefaultOnly || !_values.TryGetValue(field.Name, out var value)) continue;
            if (!PythonValue.AreEqual(value, field.Default))
            {
                throw Wrong(field.Name, $"{PlainJson.Write(field.Default)}: nothing else is supported for {ModelType}");
            }
        }
        _ = (BosTokenId, EosTokenId, PadTokenId, OutputHiddenStates, OutputAttentions, TieWordEmbeddings, NameOrPath);
        if (this["problem_type"] is not (null or "regression" or "single_label_classification" or "multi_label_classification"))
        {
            throw Wrong("problem_type", "regression, single_label_classification or multi_label_classification");
        }
        if (AttnImplementation is { } chosen && !AttnImplementations.Contains(chosen))
        {
            throw new ConfigurationException(
                _origin, $"attn_implementation is \"{chosen}\", expected {string.Join(" or ", AttnImplementations)}: {ModelType} has no other");
        }
        if (this["architectures"] is not (null or IReadOnlyList<object?>)) throw Wrong("architectures", "a list of class names");
    }

    /// <summary>Takes a field away that only some files have.</summary>
    protected void Forget(string name) => _values.Remove(FieldNamed(name).Name);

    /// <summary>A whole number.</summary>
    protected int GetInt(string name) => GetOptionalInt(name) ?? throw Wrong(name, "a whole number");

    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    protected int GetInt(string name, int minimum) =>
        GetInt(name) is var value && value >= minimum ? value : throw Wrong(name, $"a whole number from {minimum} on");

    /// <summary>A whole number or null.</summary>
    protected int? GetOptionalInt(string name) => this[name] switch
    {
        null => null,
        long whole and >= int.MinValue and <= int.MaxValue => (int)whole,
        _ => throw Wrong(name, "a whole number"),
    };

    /// <summary>A number.</summary>
    protected double GetDouble(string name) => this[name] switch
    {
        double real => real,
        long whole => whole,
        _ => throw Wrong(name, "a number"),
    };

    /// <summary>A probability of dropping, from 0 up to but not including 1.</summary>
    protected double GetDropout(string name) =>
        GetDouble(name) is var value and >= 0 and < 1 ? value : throw Wrong(name, "a probability from 0 to below 1");

    /// <summary>True or false.</summary>
    protected bool GetBool(string name) => this[name] as bool? ?? throw Wrong(name, "true or false");

    /// <summary>Text.</summary>
    protected string GetText(string name) => this[name] as string ?? throw Wrong(name, "text");

    /// <summary>The error for a field whose value is not what it must be.</summary>
    protected ConfigurationException Wrong(string name, string expected) =>
        new(_origin, $"{FieldNamed(name).Name} is {PlainJson.Write(this[name])}, expected {expected}");

    private string Resolve(string name) => _aliases.GetValueOrDefault(name, name);

    private ConfigField FieldNamed(string name)
    {
        if (_fields.TryGetValue(Resolve(name), out var field)) return field;
        var known = _fields.Keys.Except(CommonFields.All.Select(common => common.Name)).Order(StringComparer.Ordinal);
        throw new ConfigurationException(
            _origin, $"unknown field {name}; {ModelType} knows {string.Join(", ", known)} and the fields that all models have");
    }
}
