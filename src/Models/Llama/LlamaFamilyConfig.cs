using NativeTrainer.Autograd;

namespace NativeTrainer.Models;

/// <summary>What Llama and the models built like it have in common: sizes, norms, rotary positions. The defaults are Llama's.</summary>
public abstract class LlamaFamilyConfig : PretrainedConfig
{
    private static readonly ConfigField[] Common =
    [
        new("vocab_size", 32000L),
        new("hidden_size", 4096L),
        new("intermediate_size", 11008L),
        new("num_hidden_layers", 32L),
        new("num_attention_heads", 32L),
        new("num_key_value_heads", null), // as many as heads
        new("hidden_act", "silu"),
        new("max_position_embeddings", 2048L),
        new("initializer_range", 0.02),
        new("rms_norm_eps", 1e-6),
        new("use_cache", true),
        new("rope_theta", 10000.0),
        new("attention_dropout", 0.0),
        new("tie_word_embeddings", false),
        new("is_decoder", false, FieldUse.Kept), // it always is
        new("rope_scaling", null, IsOptional: true),
        new("rope_parameters", null, IsOptional: true), // what newer versions call rope_theta and rope_scaling together
        new("head_dim", null, IsOptional: true),
    ];

    private protected LlamaFamilyConfig(string modelType, IEnumerable<ConfigField> fields)
        : base(modelType, [.. Common, .. fields], new Dictionary<string, string>())
    {
    }

    /// <summary>The size of a position's vector (<c>hidden_size</c>).</summary>
    public int HiddenSize { get => GetInt("hidden_size", 1); set => this["hidden_size"] = value; }

    /// <summary>The inner size of a layer's MLP (<c>intermediate_size</c>).</summary>
    public int IntermediateSize { get => GetInt("intermediate_size", 1); set => this["intermediate_size"] = value; }

    /// <summary>How many layers (<c>num_hidden_layers</c>).</summary>
    public int NumHiddenLayers { get => GetInt("num_hidden_layers", 1); set => this["num_hidden_layers"] = value; }

    /// <summary>How many heads attention has (<c>num_attention_heads</c>).</summary>
    public int NumAttentionHeads { get => GetInt("num_attention_heads", 1); set => this["num_attention_heads"] = value; }

    /// <summary>How many heads keys and values have; as many as <see cref="NumAttentionHeads"/> where the field is null.</summary>
    public int NumKeyValueHeads
    {
        get => this["num_key_value_heads"] is null ? NumAttentionHeads : GetInt("num_key_value_heads", 1);
        set => this["num_key_value_heads"] = value;
    }

    /// <summary>The size of a head (<c>head_dim</c>, of newer versions); the hidden size divided by the heads where the field is absent.</summary>
    public int HeadDim
    {
        get => this["head_dim"] is null ? HiddenSize / NumAttentionHeads : GetInt("head_dim", 1);
        set => this["head_dim"] = value;
    }

    /// <summary>The MLP's nonlinearity; see <see cref="Activations"/>.</summary>
    public string HiddenAct { get => GetText("hidden_act"); set => this["hidden_act"] = value; }

    /// <summary>The length that the model was trained with; longer sequences go on, as <see cref="RopeScaling"/> says.</summary>
    public int MaxPositionEmbeddings { get => GetInt("max_position_embeddings", 1); set => this["max_position_embeddings"] = value; }

    /// <summary>The standard deviation of initial weights.</summary>
    public double InitializerRange { get => GetDouble("initializer_range"); set => this["initializer_range"] = value; }

    /// <summary>Added to the mean of squares in norms.</summary>
    public double RmsNormEps { get => GetDouble("rms_norm_eps"); set => this["rms_norm_eps"] = value; }

    /// <summary>Whether generation keeps keys and values, unless it is told otherwise.</summary>
    public bool UseCache { get => GetBool("use_cache"); set => this["use_cache"] = value; }

    /// <summary>The base of the rotary frequencies.</summary>
    public double RopeTheta { get => GetDouble("rope_theta"); set => this["rope_theta"] = value; }

    /// <summary>
    /// How rotary positions are stretched: <c>type</c> (or <c>rope_type</c>) linear or dynamic and <c>factor</c>, or llama3 with
    /// <c>low_freq_factor</c>, <c>high_freq_factor</c> and <c>original_max_position_embeddings</c> as well; not at all where null.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? RopeScaling
    {
        get => this["rope_scaling"] switch
        {
            null => null,
            IReadOnlyDictionary<string, object?> scaling => scaling,
            _ => throw Wrong("rope_scaling", "null or an object with type and factor"),
        };
        set => this["rope_scaling"] = value;
    }

    /// <summary>Dropout of attention weights.</summary>
    public double AttentionDropout { get => GetDropout("attention_dropout"); set => this["attention_dropout"] = value; }

    /// <summary>Whether the projections to queries, keys and values have biases.</summary>
    internal virtual bool QueryKeyValueBias => false;

    /// <summary>Whether attention's output projection has a bias.</summary>
    internal virtual bool AttentionOutputBias => false;

    /// <summary>Whether the MLP's projections have biases.</summary>
    internal virtual bool FeedForwardBias => false;

    /// <summary>
    /// Whether weight decay takes the norms' weights too: the Hugging Face Trainer knows Llama's norm for one, but not its copies in other
    /// models.
    /// </summary>
    internal virtual bool NormsDecay => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> AttnImplementations => ["eager", "flash_attention_2", "sdpa"];

    /// <summary>How many positions a query of a layer sees, its own included; null where it sees all before it.</summary>
    internal virtual int? WindowOf(int layer) => null;

    /// <summary>The tables of the rotary positions.</summary>
    internal RotaryTables NewRotaryTables()
    {
        var scaling = LlamaRopeScaling.Of(RopeScaling, expected => Wrong("rope_scaling", expected));
        return new RotaryTables(HeadDim, MaxPositionEmbeddings, RopeTheta, scaling.Kind, scaling.Factor, scaling.Bands);
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        if (this["num_key_value_heads"] is null) NumKeyValueHeads = NumAttentionHeads; // as Hugging Face writes it
        if (this["rope_parameters"] is not null) TakeRopeParameters();
        base.Validate();
        _ = (VocabSize, IntermediateSize, NumHiddenLayers, MaxPositionEmbeddings, UseCache, AttentionDropout, QueryKeyValueBias);
        _ = (AttentionOutputBias, FeedForwardBias, WindowOf(0));
        if (this["head_dim"] is null && HiddenSize % NumAttentionHeads != 0)
        {
            throw Wrong("hidden_size", $"a multiple of num_attention_heads, which is {NumAttentionHeads}");
        }
        if (HeadDim % 2 != 0)
        {
            throw this["head_dim"] is null
                ? Wrong("hidden_size", $"an even multiple of num_attention_heads, which is {NumAttentionHeads}")
                : Wrong("head_dim", "an even number");
        }
        if (NumAttentionHeads % NumKeyValueHeads != 0)
        {
            throw Wrong("num_key_value_heads", $"a divisor of num_attention_heads, which is {NumAttentionHeads}");
        }
        if (!(RmsNormEps >= 0)) throw Wrong("rms_norm_eps", "a number from 0 on");
        if (!(InitializerRange >= 0)) throw Wrong("initializer_range", "a number from 0 on");
        if (!(RopeTheta > 0)) throw Wrong("rope_theta", "a number above 0");
        if (!Activations.Knows(HiddenAct)) throw Wrong("hidden_act", $"one of {string.Join(", ", Activations.Names)}");
        if (PadTokenId is { } padding && (padding < -VocabSize || padding >= VocabSize))
        {
            throw Wrong("pad_token_id", $"an id below vocab_size, which is {VocabSize}");
        }
        _ = LlamaRopeScaling.Of(RopeScaling, expected => Wrong("rope_scaling", expected));
    }

    // Written as this version's Hugging Face does.
    private void TakeRopeParameters()
    {
        if (this["rope_parameters"] is not IReadOnlyDictionary<string, object?> given || RopeScaling is not null)
        {
            throw Wrong("rope_parameters", "an object with rope_theta and rope_type, and no rope_scaling beside it");
        }
        var rest = given.Where(entry => entry.Key != "rope_theta").ToDictionary();
        if (given.TryGetValue("rope_theta", out var theta)) this["rope_theta"] = theta;
        RopeScaling = rest.Count == 0 || rest is { Count: 1 } && Equals(rest.GetValueOrDefault("rope_type"), "default") ? null : rest;
        Forget("rope_parameters");
    }
}
