namespace NativeTrainer.Models;

/// <summary>
/// What makes a GPT-2 (https://huggingface.co/docs/transformers/model_doc/gpt2#transformers.GPT2Config), with Hugging Face's names and
/// defaults.
/// </summary>
/// <example><code>
/// var config = new Gpt2Config { VocabSize = 256, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 4, NumPositions = 64 };
/// </code></example>
public sealed class Gpt2Config : PretrainedConfig
{
    private static readonly ConfigField[] Fields =
    [
        new("vocab_size", 50257L),
        new("n_positions", 1024L),
        new("n_embd", 768L),
        new("n_layer", 12L),
        new("n_head", 12L),
        new("n_inner", null),
        new("activation_function", "gelu_new"),
        new("resid_pdrop", 0.1),
        new("embd_pdrop", 0.1),
        new("attn_pdrop", 0.1),
        new("layer_norm_epsilon", 1e-5),
        new("initializer_range", 0.02),
        new("scale_attn_weights", true),
        new("scale_attn_by_inverse_layer_idx", false),
        new("reorder_and_upcast_attn", false), // the same numbers in float32 and float64
        new("use_cache", true),
        new("bos_token_id", 50256L),
        new("eos_token_id", 50256L),
        new("summary_type", "cls_index", FieldUse.Kept), // of a head that this library does not have
        new("summary_use_proj", true, FieldUse.Kept),
        new("summary_activation", null, FieldUse.Kept),
        new("summary_proj_to_labels", true, FieldUse.Kept),
        new("summary_first_dropout", 0.1, FieldUse.Kept),
        new("is_decoder", false, FieldUse.Kept), // it always is
        new("n_ctx", null, FieldUse.Kept, IsOptional: true), // what n_positions was called
        new("classifier_dropout", null, IsOptional: true), // of the head that classifies tokens
        new("hidden_dropout", null, IsOptional: true),
        new("predict_special_tokens", null, FieldUse.Kept, IsOptional: true),
    ];

    private static readonly Dictionary<string, string> Names = new()
    {
        ["hidden_size"] = "n_embd",
        ["max_position_embeddings"] = "n_positions",
        ["num_attention_heads"] = "n_head",
        ["num_hidden_layers"] = "n_layer",
    };

    /// <summary>GPT-2 small.</summary>
    public Gpt2Config()
        : base("gpt2", Fields, Names)
    {
    }

    /// <summary>The longest sequence (<c>n_positions</c>).</summary>
    public int NumPositions { get => GetInt("n_positions", 1); set => this["n_positions"] = value; }

    /// <summary>The size of a position's vector (<c>n_embd</c>); a multiple of the heads.</summary>
    public int HiddenSize { get => GetInt("n_embd", 1); set => this["n_embd"] = value; }

    /// <summary>How many blocks (<c>n_layer</c>).</summary>
    public int NumHiddenLayers { get => GetInt("n_layer", 1); set => this["n_layer"] = value; }

    /// <summary>How many heads attention has (<c>n_head</c>).</summary>
    public int NumAttentionHeads { get => GetInt("n_head", 1); set => this["n_head"] = value; }

    /// <summary>The inner size of a block's MLP (<c>n_inner</c>); 4 × <see cref="HiddenSize"/> where the field is null.</summary>
    public int InnerSize
    {
        get => this["n_inner"] is null ? 4 * HiddenSize : GetInt("n_inner", 1);
        set => this["n_inner"] = value;
    }

    /// <summary>The MLP's nonlinearity; see <see cref="Activations"/>.</summary>
    public string ActivationFunction { get => GetText("activation_function"); set => this["activation_function"] = value; }

    /// <summary>Dropout of what attention and MLP add (<c>resid_pdrop</c>).</summary>
    public double ResidDropout { get => GetDropout("resid_pdrop"); set => this["resid_pdrop"] = value; }

    /// <summary>Dropout of the embeddings (<c>embd_pdrop</c>).</summary>
    public double EmbeddingDropout { get => GetDropout("embd_pdrop"); set => this["embd_pdrop"] = value; }

    /// <summary>Dropout of attention weights (<c>attn_pdrop</c>).</summary>
    public double AttentionDropout { get => GetDropout("attn_pdrop"); set => this["attn_pdrop"] = value; }

    /// <summary>
    /// Dropout before the head that classifies tokens: <c>classifier_dropout</c>, else <c>hidden_dropout</c>, else 0.1.
    /// </summary>
    public double ClassifierDropout =>
        this["classifier_dropout"] is not null ? GetDropout("classifier_dropout")
        : this["hidden_dropout"] is not null ? GetDropout("hidden_dropout")
        : 0.1;

    /// <summary>Added to the variance in layer norms.</summary>
    public double LayerNormEpsilon { get => GetDouble("layer_norm_epsilon"); set => this["layer_norm_epsilon"] = value; }

    /// <summary>The standard deviation of initial weights.</summary>
    public double InitializerRange { get => GetDouble("initializer_range"); set => this["initializer_range"] = value; }

    /// <summary>Whether attention scores are divided by the root of a head's size (<c>scale_attn_weights</c>).</summary>
    public bool ScaleAttentionWeights { get => GetBool("scale_attn_weights"); set => this["scale_attn_weights"] = value; }

    /// <summary>Whether they are also divided by the block's number, counted from 1 (<c>scale_attn_by_inverse_layer_idx</c>).</summary>
    public bool ScaleAttentionByInverseLayerIndex
    {
        get => GetBool("scale_attn_by_inverse_layer_idx");
        set => this["scale_attn_by_inverse_layer_idx"] = value;
    }

    /// <summary>Whether generation keeps keys and values, unless it is told otherwise.</summary>
    public bool UseCache { get => GetBool("use_cache"); set => this["use_cache"] = value; }

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    public static Gpt2Config FromPretrained(string path) => Open<Gpt2Config>(path);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        _ = (VocabSize, NumPositions, NumHiddenLayers, InnerSize, ResidDropout, EmbeddingDropout, AttentionDropout, ClassifierDropout);
        _ = (ScaleAttentionWeights, ScaleAttentionByInverseLayerIndex, GetBool("reorder_and_upcast_attn"), UseCache);
        if (HiddenSize % NumAttentionHeads != 0) throw Wrong("n_embd", $"a multiple of n_head, which is {NumAttentionHeads}");
        if (!(LayerNormEpsilon >= 0)) throw Wrong("layer_norm_epsilon", "a number from 0 on");
        if (!(InitializerRange >= 0)) throw Wrong("initializer_range", "a number from 0 on");
        if (!Activations.Knows(ActivationFunction)) throw Wrong("activation_function", $"one of {string.Join(", ", Activations.Names)}");
    }
}
