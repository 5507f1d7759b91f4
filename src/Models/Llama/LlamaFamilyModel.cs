using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Token embedding, layers, final norm: Llama without a head, and its relatives.</summary>
public abstract class LlamaFamilyModel : LlamaFamilyPreTrainedModel
{
    private readonly Embedding _tokens;
    private readonly ModuleList<LlamaLayer> _layers;
    private readonly RmsNorm _norm;
    private readonly int? _window;

    private protected LlamaFamilyModel(LlamaFamilyConfig config)
        : base(config)
    {
        _tokens = AddModule("embed_tokens", new Embedding(config.VocabSize, config.HiddenSize, config.PadTokenId));
        var layers = Enumerable.Range(0, config.NumHiddenLayers).Select(index => new LlamaLayer(config, index));
        _layers = AddModule("layers", new ModuleList<LlamaLayer>(layers));
        _norm = AddModule("norm", new RmsNorm(config.HiddenSize, config.RmsNormEps, config.NormsDecay));
        Rotary = config.NewRotaryTables();
        _window = Enumerable.Range(0, config.NumHiddenLayers).Select(config.WindowOf).FirstOrDefault(window => window is not null);
        PostInit();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } = ["input_ids", "attention_mask", "position_ids", "inputs_embeds"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => _tokens;

    /// <summary>The cosines and sines of positions.</summary>
    internal RotaryTables Rotary { get; set; }

    /// <inheritdoc/>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(
            batch.Find("input_ids"), batch.Find("attention_mask"), batch.Find("position_ids"), batch.Find("inputs_embeds"));
    }

    /// <summary>The hidden state of each position.</summary>
    /// <param name="inputIds">[batch, length] of int64 or int32.</param>
    /// <param name="attentionMask">[batch, past + length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="positionIds">
    /// [batch or 1, length], each below past + length; from the number of past positions on where null, padding counted.
    /// </param>
    /// <param name="inputsEmbeds">[batch, length, hidden] in place of <paramref name="inputIds"/>.</param>
    /// <param name="pastKeyValues">Positions already seen; the new ones are added. Not while recording gradients, unless it is
    /// empty.</param>
    /// <param name="useCache">Return keys and values (in a new cache where none is given).</param>
    /// <param name="outputHiddenStates">Return all hidden states; as the configuration says where null.</param>
    /// <param name="outputAttentions">Return the attention weights; as the configuration says where null.</param>
    public ModelOutput Forward(
        Tensor? inputIds = null,
        Tensor? attentionMask = null,
        Tensor? positionIds = null,
        Tensor? inputsEmbeds = null,
        KeyValueCache? pastKeyValues = null,
        bool useCache = false,
        bool? outputHiddenStates = null,
        bool? outputAttentions = null)
    {
        var cache = pastKeyValues ?? (useCache ? new KeyValueCache() : null);
        var states = outputHiddenStates ?? Config.OutputHiddenStates ? new List<Tensor>(_layers.Count + 1) : null;
        var weights = outputAttentions ?? Config.OutputAttentions ? new List<Tensor>(_layers.Count) : null;
        var hidden = Run(inputIds, attentionMask, positionIds, inputsEmbeds, cache, states, weights);
        return new ModelOutput
        {
            LastHiddenState = hidden,
            PastKeyValues = useCache ? cache : null,
            HiddenStates = states,
            Attentions = weights,
        };
    }

    /// <summary>The last hidden state; cache and lists are filled where they are given. Allocates nothing itself.</summary>
    internal Tensor Run(
        Tensor? inputIds, Tensor? attentionMask, Tensor? positionIds, Tensor? inputsEmbeds, KeyValueCache? cache, List<Tensor>? states,
        List<Tensor>? weights)
    {
        var hidden = Embed(inputIds, inputsEmbeds);
        var (rows, length, past) = (hidden.Size(0), hidden.Size(1), cache?.Length ?? 0);
        if (past > 0 && GradientMode.IsEnabled)
        {
            throw new InvalidOperationException("past_key_values carry no gradient; run inside NoGrad.Enter()");
        }
        var blindSeesAll = Config.AttnImplementation != "eager" && weights is null; // weights are always computed the eager way
        var mask = LlamaMask.Of(attentionMask, rows, length, past, null, blindSeesAll, hidden.DType);
        var pass = new LlamaPass(
            Rotary, positionIds?.Reshape(-1, length) ?? PositionIds.From(past, length).Reshape(1, length), past + length, mask,
            _window is null ? mask : LlamaMask.Of(attentionMask, rows, length, past, _window, blindSeesAll, hidden.DType));
        for (var i = 0; i < _layers.Count; i++)
        {
            states?.Add(hidden);
            hidden = GradientCheckpointing && IsTraining && cache is null && weights is null
                ? Checkpointed(_layers[i], hidden, pass)
                : _layers[i].Forward(hidden, pass, cache, weights);
        }
        cache?.Advance((int)length);
        hidden = _norm.Forward(hidden);
        states?.Add(hidden);
        return hidden;
    }

    private static Tensor Checkpointed(LlamaLayer layer, Tensor hidden, LlamaPass pass) =>
        Checkpoint.Run(input => layer.Forward(input, pass, null, null), hidden);

    private Tensor Embed(Tensor? inputIds, Tensor? inputsEmbeds)
    {
        if (inputIds is null == inputsEmbeds is null)
        {
            throw new ArgumentException($"{Architecture} takes either input_ids or inputs_embeds, exactly one of them", nameof(inputIds));
        }
        if (inputIds is { Rank: not 2 } ids) throw new ArgumentException($"input_ids is [batch, length], found {ids}", nameof(inputIds));
        if (inputsEmbeds is { } given && (given.Rank != 3 || given.Size(2) != Config.HiddenSize))
        {
            throw new ArgumentException($"inputs_embeds is [batch, length, {Config.HiddenSize}], found {given}", nameof(inputsEmbeds));
        }
        return inputsEmbeds ?? _tokens.Forward(inputIds!.Value);
    }
}
