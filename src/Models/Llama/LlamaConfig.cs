namespace NativeTrainer.Models;

/// <summary>
/// What makes a Llama (https://huggingface.co/docs/transformers/model_doc/llama#transformers.LlamaConfig), with Hugging Face's names and
/// defaults.
/// </summary>
/// <example><code>
/// var config = new LlamaConfig { VocabSize = 256, HiddenSize = 64, IntermediateSize = 172, NumHiddenLayers = 2, NumAttentionHeads = 4 };
/// </code></example>
public sealed class LlamaConfig : LlamaFamilyConfig
{
    private static readonly ConfigField[] Fields =
    [
        new("rope_scaling", null),
        new("attention_bias", false),
        new("pretraining_tp", 1L, FieldUse.DefaultOnly), // how training was spread over machines, and rounds otherwise
        new("bos_token_id", 1L),
        new("eos_token_id", 2L),
        new("mlp_bias", false, IsOptional: true),
        new("max_sequence_length", null, FieldUse.Kept, IsOptional: true), // of the first Llama's files; nothing reads it
    ];

    /// <summary>Llama of seven billion parameters.</summary>
    public LlamaConfig()
        : base("llama", Fields)
    {
    }

    /// <summary>Whether the projections of attention have biases, the output's too (<c>attention_bias</c>).</summary>
    public bool AttentionBias { get => GetBool("attention_bias"); set => this["attention_bias"] = value; }

    /// <summary>Whether the projections of the MLP have biases (<c>mlp_bias</c>, of newer versions).</summary>
    public bool MlpBias { get => this["mlp_bias"] is not null && GetBool("mlp_bias"); set => this["mlp_bias"] = value; }

    internal override bool QueryKeyValueBias => AttentionBias;

    internal override bool AttentionOutputBias => AttentionBias;

    internal override bool FeedForwardBias => MlpBias;

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    public static LlamaConfig FromPretrained(string path) => Open<LlamaConfig>(path);
}
