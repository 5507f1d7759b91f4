namespace NativeTrainer.Models;

/// <summary>
/// What makes a Qwen2 (https://huggingface.co/docs/transformers/model_doc/qwen2#transformers.Qwen2Config), with Hugging Face's names and
/// defaults: Llama with biases on queries, keys and values, and a window for the first layers where asked for.
/// </summary>
public sealed class Qwen2Config : LlamaFamilyConfig
{
    private static readonly ConfigField[] Fields =
    [
        new("vocab_size", 151936L),
        new("intermediate_size", 22016L),
        new("num_key_value_heads", 32L),
        new("max_position_embeddings", 32768L),
        new("use_sliding_window", false),
        new("sliding_window", 4096L),
        new("max_window_layers", 28L),
        new("use_mrope", false, FieldUse.DefaultOnly, IsOptional: true), // of relatives that see pictures
    ];

    /// <summary>Qwen2 of seven billion parameters.</summary>
    public Qwen2Config()
        : base("qwen2", Fields)
    {
    }

    /// <summary>Whether there is a window at all (<c>use_sliding_window</c>).</summary>
    public bool UseSlidingWindow { get => GetBool("use_sliding_window"); set => this["use_sliding_window"] = value; }

    /// <summary>How many positions a query sees in layers with a window, its own included.</summary>
    public int SlidingWindow { get => GetInt("sliding_window", 1); set => this["sliding_window"] = value; }

    /// <summary>How many layers have the window; from the bottom, the layers above see everything.</summary>
    public int MaxWindowLayers { get => GetInt("max_window_layers", 0); set => this["max_window_layers"] = value; }

    internal override bool QueryKeyValueBias => true;

    internal override bool NormsDecay => true;

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    public static Qwen2Config FromPretrained(string path) => Open<Qwen2Config>(path);

    internal override int? WindowOf(int layer) => UseSlidingWindow && layer < MaxWindowLayers ? SlidingWindow : null;
}
