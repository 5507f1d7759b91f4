namespace NativeTrainer.Models;

/// <summary>
/// What makes a T5 (https://huggingface.co/docs/transformers/model_doc/t5#transformers.T5Config), with Hugging Face's names and defaults.
/// </summary>
/// <remarks>
/// <c>dense_act_fn</c> and <c>is_gated_act</c> follow from <c>feed_forward_proj</c>, and <c>num_decoder_layers</c> from <c>num_layers</c>,
/// where they are not given: <see cref="Validate"/> fills them in.
/// <example><code>
/// var config = new T5Config { VocabSize = 300, ModelSize = 64, HeadSize = 16, FeedForwardSize = 128, NumLayers = 2, NumHeads = 4 };
/// </code></example>
/// </remarks>
public sealed class T5Config : PretrainedConfig
{
    private const string Plain = "relu";

    private static readonly ConfigField[] Fields =
    [
        new("vocab_size", 32128L),
        new("d_model", 512L),
        new("d_kv", 64L),
        new("d_ff", 2048L),
        new("num_layers", 6L),
        new("num_decoder_layers", null),
        new("num_heads", 8L),
        new("relative_attention_num_buckets", 32L),
        new("relative_attention_max_distance", 128L),
        new("dropout_rate", 0.1),
        new("classifier_dropout", 0.0, FieldUse.Kept), // of a head that this library does not have
        new("layer_norm_epsilon", 1e-6),
        new("initializer_factor", 1.0),
        new("feed_forward_proj", Plain),
        new("dense_act_fn", Plain),
        new("is_gated_act", false),
        new("use_cache", true),
        new("pad_token_id", 0L),
        new("eos_token_id", 1L),
        new("decoder_start_token_id", null),
        new("is_encoder_decoder", true, FieldUse.DefaultOnly),
        new("n_positions", null, FieldUse.Kept, IsOptional: true), // positions are relative, without a limit
    ];

    private static readonly Dictionary<string, string> Names = new()
    {
        ["hidden_size"] = "d_model",
        ["num_attention_heads"] = "num_heads",
        ["num_hidden_layers"] = "num_layers",
    };

    private string _derivedFrom = Plain;

    /// <summary>T5 small.</summary>
    public T5Config()
        : base("t5", Fields, Names)
    {
    }

    /// <summary>The size of a position's vector (<c>d_model</c>).</summary>
    public int ModelSize { get => GetInt("d_model", 1); set => this["d_model"] = value; }

    /// <summary>The size of a head's queries, keys and values (<c>d_kv</c>).</summary>
    public int HeadSize { get => GetInt("d_kv", 1); set => this["d_kv"] = value; }

    /// <summary>The inner size of the feed-forward layers (<c>d_ff</c>).</summary>
    public int FeedForwardSize { get => GetInt("d_ff", 1); set => this["d_ff"] = value; }

    /// <summary>How many blocks the encoder has.</summary>
    public int NumLayers { get => GetInt("num_layers", 1); set => this["num_layers"] = value; }

    /// <summary>How many blocks the decoder has; as many as the encoder where the field is null.</summary>
    public int NumDecoderLayers
    {
        get => this["num_decoder_layers"] is null ? NumLayers : GetInt("num_decoder_layers", 1);
        set => this["num_decoder_layers"] = value;
    }

    /// <summary>How many heads attention has.</summary>
    public int NumHeads { get => GetInt("num_heads", 1); set => this["num_heads"] = value; }

    /// <summary>How many learned biases a head has for relative positions (<c>relative_attention_num_buckets</c>).</summary>
    public int RelativeAttentionNumBuckets
    {
        get => GetInt("relative_attention_num_buckets", 4);
        set => this["relative_attention_num_buckets"] = value;
    }

    /// <summary>The distance from which on all share a bias (<c>relative_attention_max_distance</c>).</summary>
    public int RelativeAttentionMaxDistance
    {
        get => GetInt("relative_attention_max_distance", 1);
        set => this["relative_attention_max_distance"] = value;
    }

    /// <summary>Dropout of embeddings, attention weights and what layers add.</summary>
    public double DropoutRate { get => GetDropout("dropout_rate"); set => this["dropout_rate"] = value; }

    /// <summary>Added to the mean square in layer norms.</summary>
    public double LayerNormEpsilon { get => GetDouble("layer_norm_epsilon"); set => this["layer_norm_epsilon"] = value; }

    /// <summary>Factor of the initial weights' standard deviations.</summary>
    public double InitializerFactor { get => GetDouble("initializer_factor"); set => this["initializer_factor"] = value; }

    /// <summary>The feed-forward layers: the name of a nonlinearity, as <c>relu</c>, or <c>gated-</c> and such a name.</summary>
    public string FeedForwardProjection { get => GetText("feed_forward_proj"); set => this["feed_forward_proj"] = value; }

    /// <summary>Their nonlinearity; see <see cref="Activations"/>.</summary>
    public string DenseActivation { get => GetText("dense_act_fn"); set => this["dense_act_fn"] = value; }

    /// <summary>Whether they multiply it by a second projection.</summary>
    public bool IsGatedActivation { get => GetBool("is_gated_act"); set => this["is_gated_act"] = value; }

    /// <summary>Whether generation keeps keys and values, unless it is told otherwise.</summary>
    public bool UseCache { get => GetBool("use_cache"); set => this["use_cache"] = value; }

    /// <summary>The id that begins the decoder's text, if there is one.</summary>
    public int? DecoderStartTokenId { get => GetOptionalInt("decoder_start_token_id"); set => this["decoder_start_token_id"] = value; }

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    public static T5Config FromPretrained(string path) => Open<T5Config>(path);

    /// <inheritdoc/>
    public override void Validate()
    {
        Derive();
        base.Validate();
        _ = (VocabSize, ModelSize, HeadSize, FeedForwardSize, NumLayers, NumDecoderLayers, NumHeads);
        _ = (DropoutRate, IsGatedActivation, UseCache, DecoderStartTokenId);
        if (!(LayerNormEpsilon >= 0)) throw Wrong("layer_norm_epsilon", "a number from 0 on");
        if (!(InitializerFactor >= 0)) throw Wrong("initializer_factor", "a number from 0 on");
        if (!Activations.Knows(DenseActivation)) throw Wrong("dense_act_fn", $"one of {string.Join(", ", Activations.Names)}");
        if (RelativeAttentionMaxDistance <= RelativeAttentionNumBuckets / 2)
        {
            throw Wrong("relative_attention_max_distance", "more than half of relative_attention_num_buckets");
        }
    }

    // What was derived earlier, and not changed since, follows another feed_forward_proj; what a file gives stays.
    private void Derive()
    {
        this["num_decoder_layers"] ??= this["num_layers"];
        if (FeedForwardProjection == _derivedFrom) return;
        if ((this["dense_act_fn"], this["is_gated_act"]).Equals(Derived(_derivedFrom)))
        {
            (this["dense_act_fn"], this["is_gated_act"]) = Derived(FeedForwardProjection);
        }
        _derivedFrom = FeedForwardProjection;
    }

    private (object? Activation, object? IsGated) Derived(string projection)
    {
        var parts = projection.Split('-');
        if (parts.Length > 2 || (parts.Length == 2 && parts[0] != "gated"))
        {
            throw Wrong("feed_forward_proj", "the name of an activation, as relu, or gated- and such a name, as gated-gelu");
        }
        return (projection == "gated-gelu" ? "gelu_new" : parts[^1], parts.Length == 2);
    }
}
