namespace NativeTrainer.Models;

/// <summary>
/// What makes a BERT (https://huggingface.co/docs/transformers/model_doc/bert#transformers.BertConfig), with Hugging Face's names and
/// defaults.
/// </summary>
/// <example><code>
/// var config = new BertConfig { VocabSize = 1000, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 4, IntermediateSize = 128 };
/// </code></example>
public sealed class BertConfig : PretrainedConfig
{
    private static readonly ConfigField[] Fields =
    [
        new("vocab_size", 30522L),
        new("hidden_size", 768L),
        new("num_hidden_layers", 12L),
        new("num_attention_heads", 12L),
        new("intermediate_size", 3072L),
        new("hidden_act", "gelu"),
        new("hidden_dropout_prob", 0.1),
        new("attention_probs_dropout_prob", 0.1),
        new("max_position_embeddings", 512L),
        new("type_vocab_size", 2L),
        new("initializer_range", 0.02),
        new("layer_norm_eps", 1e-12),
        new("pad_token_id", 0L),
        new("position_embedding_type", "absolute", FieldUse.DefaultOnly),
        new("use_cache", true, FieldUse.Kept), // of a decoder, which this library does not make of BERT
        new("classifier_dropout", null),
        new("directionality", null, FieldUse.Kept, IsOptional: true), // of the first TensorFlow checkpoints, read by nothing
        new("pooler_fc_size", null, FieldUse.Kept, IsOptional: true),
        new("pooler_num_attention_heads", null, FieldUse.Kept, IsOptional: true),
        new("pooler_num_fc_layers", null, FieldUse.Kept, IsOptional: true),
        new("pooler_size_per_head", null, FieldUse.Kept, IsOptional: true),
        new("pooler_type", null, FieldUse.Kept, IsOptional: true),
    ];

    /// <summary>BERT base.</summary>
    public BertConfig()
        : base("bert", Fields, new Dictionary<string, string>())
    {
    }

    /// <summary>The size of a position's vector; a multiple of the heads.</summary>
    public int HiddenSize { get => GetInt("hidden_size", 1); set => this["hidden_size"] = value; }

    /// <summary>How many layers.</summary>
    public int NumHiddenLayers { get => GetInt("num_hidden_layers", 1); set => this["num_hidden_layers"] = value; }

    /// <summary>How many heads attention has.</summary>
    public int NumAttentionHeads { get => GetInt("num_attention_heads", 1); set => this["num_attention_heads"] = value; }

    /// <summary>The inner size of a layer's feed-forward part.</summary>
    public int IntermediateSize { get => GetInt("intermediate_size", 1); set => this["intermediate_size"] = value; }

    /// <summary>Its nonlinearity; see <see cref="Activations"/>.</summary>
    public string HiddenActivation { get => GetText("hidden_act"); set => this["hidden_act"] = value; }

    /// <summary>Dropout of embeddings and of what attention and feed-forward part add.</summary>
    public double HiddenDropout { get => GetDropout("hidden_dropout_prob"); set => this["hidden_dropout_prob"] = value; }

    /// <summary>Dropout of attention weights.</summary>
    public double AttentionDropout
    {
        get => GetDropout("attention_probs_dropout_prob");
        set => this["attention_probs_dropout_prob"] = value;
    }

    /// <summary>Dropout before a classifying head; <see cref="HiddenDropout"/> where the field is null.</summary>
    public double ClassifierDropout
    {
        get => this["classifier_dropout"] is null ? HiddenDropout : GetDropout("classifier_dropout");
        set => this["classifier_dropout"] = value;
    }

    /// <summary>The longest sequence.</summary>
    public int MaxPositionEmbeddings
    {
        get => GetInt("max_position_embeddings", 1);
        set => this["max_position_embeddings"] = value;
    }

    /// <summary>How many kinds of segment there are.</summary>
    public int TypeVocabSize { get => GetInt("type_vocab_size", 1); set => this["type_vocab_size"] = value; }

    /// <summary>Added to the variance in layer norms.</summary>
    public double LayerNormEpsilon { get => GetDouble("layer_norm_eps"); set => this["layer_norm_eps"] = value; }

    /// <summary>The standard deviation of initial weights.</summary>
    public double InitializerRange { get => GetDouble("initializer_range"); set => this["initializer_range"] = value; }

    /// <summary>Reads a folder's <c>config.json</c>, or such a file.</summary>
    /// <exception cref="ConfigurationException">No such file, no JSON, another model's type, or a field that is unknown or does not
    /// hold.</exception>
    public static BertConfig FromPretrained(string path) => Open<BertConfig>(path);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        _ = (VocabSize, NumHiddenLayers, IntermediateSize, MaxPositionEmbeddings, TypeVocabSize);
        _ = (HiddenDropout, AttentionDropout, ClassifierDropout);
        if (HiddenSize % NumAttentionHeads != 0)
        {
            throw Wrong("hidden_size", $"a multiple of num_attention_heads, which is {NumAttentionHeads}");
        }
        if (PadTokenId is { } padding && (padding < 0 || padding >= VocabSize))
        {
            throw Wrong("pad_token_id", $"an id below vocab_size, which is {VocabSize}");
        }
        if (!(LayerNormEpsilon >= 0)) throw Wrong("layer_norm_eps", "a number from 0 on");
        if (!(InitializerRange >= 0)) throw Wrong("initializer_range", "a number from 0 on");
        if (!Activations.Knows(HiddenActivation)) throw Wrong("hidden_act", $"one of {string.Join(", ", Activations.Names)}");
    }
}
