namespace NativeTrainer.Models;

/// <summary>
/// What makes a Mistral (https://huggingface.co/docs/transformers/model_doc/mistral#transformers.MistralConfig), with Hugging Face's names
/// and defaults: Llama whose positions see a window only.
/// </summary>
public sealed class MistralConfig : LlamaFamilyConfig
{
    private static readonly ConfigField[] Fields =
    [
        new("intermediate_size", 14336L),
        new("num_key_value_heads", 8L),
        new("max_position_embeddings", 4096L * 32),
        new("sliding_window", 4096L),
        new("bos_token_id", 1L),
        new("eos_token_id", 2L),
    ];

    /// <summary>Mistral of seven billion parameters.</summary>
    public MistralConfig()
        : base("mistral", Fields)
    {
    }

    /// <summary>How many positions a query sees, its own included; null for all before it.</summary>
    public int? SlidingWindow
    {
        get => this["sliding_window"] is null ? null : GetInt("sliding_window", 1);
        set => this["sliding_window"] = value;
    }

    internal override bool NormsDecay => true;

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    public static MistralConfig FromPretrained(string path) => Open<MistralConfig>(path);

    internal override int? WindowOf(int layer) => SlidingWindow;
}
