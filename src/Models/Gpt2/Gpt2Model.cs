using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>GPT-2 without a head: embeddings, blocks, final norm (Radford et al., 2019; Hugging Face's <c>GPT2Model</c>).</summary>
public sealed class Gpt2Model : Gpt2PreTrainedModel
{
    private readonly Embedding _tokens, _positions;
    private readonly Dropout _dropout;
    private readonly ModuleList<Gpt2Block> _blocks;
    private readonly LayerNorm _norm;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public Gpt2Model(Gpt2Config config)
        : base(config)
    {
        _tokens = AddModule("wte", new Embedding(config.VocabSize, config.HiddenSize));
        _positions = AddModule("wpe", new Embedding(config.NumPositions, config.HiddenSize));
        _dropout = AddModule("drop", new Dropout(config.EmbeddingDropout));
        var blocks = Enumerable.Range(0, config.NumHiddenLayers).Select(index => new Gpt2Block(config, index));
        _blocks = AddModule("h", new ModuleList<Gpt2Block>(blocks));
        _norm = AddModule("ln_f", new LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "GPT2Model";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "token_type_ids", "position_ids", "inputs_embeds"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => _tokens;

    /// <inheritdoc/>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(
            batch.Find("input_ids"), batch.Find("attention_mask"), batch.Find("token_type_ids"), batch.Find("position_ids"),
            batch.Find("inputs_embeds"));
    }

    /// <summary>The hidden state of each position.</summary>
    /// <param name="inputIds">[batch, length] of int64 or int32.</param>
    /// <param name="attentionMask">[batch, past + length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="tokenTypeIds">[batch, length]: ids whose embeddings are added, as GPT-2 has it.</param>
    /// <param name="positionIds">[batch or 1, length]; from the number of past positions on where null, padding counted.</param>
    /// <param name="inputsEmbeds">[batch, length, hidden] in place of <paramref name="inputIds"/>.</param>
    /// <param name="pastKeyValues">Positions already seen; the new ones are added. Not while recording gradients, unless it is
    /// empty.</param>
    /// <param name="useCache">Return keys and values (in a new cache where none is given).</param>
    /// <param name="outputHiddenStates">Return all hidden states; as the configuration says where null.</param>
    /// <param name="outputAttentions">Return the attention weights; as the configuration says where null.</param>
    public ModelOutput Forward(
        Tensor? inputIds = null,
        Tensor? attentionMask = null,
        Tensor? tokenTypeIds = null,
        Tensor? positionIds = null,
        Tensor? inputsEmbeds = null,
        KeyValueCache? pastKeyValues = null,
        bool useCache = false,
        bool? outputHiddenStates = null,
        bool? outputAttentions = null)
    {
        var cache = pastKeyValues ?? (useCache ? new KeyValueCache() : null);
        var states = outputHiddenStates ?? Config.OutputHiddenStates ? new List<Tensor>(_blocks.Count + 1) : null;
        var weights = outputAttentions ?? Config.OutputAttentions ? new List<Tensor>(_blocks.Count) : null;
        var hidden = Run(inputIds, attentionMask, tokenTypeIds, positionIds, inputsEmbeds, cache, states, weights);
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
        Tensor? inputIds, Tensor? attentionMask, Tensor? tokenTypeIds, Tensor? positionIds, Tensor? inputsEmbeds,
        KeyValueCache? cache, List<Tensor>? states, List<Tensor>? weights)
    {
        if (inputIds is null == inputsEmbeds is null)
        {
            throw new ArgumentException("GPT-2 takes either input_ids or inputs_embeds, exactly one of them", nameof(inputIds));
        }
        if (inputIds is { Rank: not 2 } ids) throw new ArgumentException($"input_ids is [batch, length], found {ids}", nameof(inputIds));
        if (inputsEmbeds is { } given && (given.Rank != 3 || given.Size(2) != Config.HiddenSize))
        {
            throw new ArgumentException($"inputs_embeds is [batch, length, {Config.HiddenSize}], found {given}", nameof(inputsEmbeds));
        }
        var hidden = inputsEmbeds ?? _tokens.Forward(inputIds!.Value);
        var (rows, length, past) = (hidden.Size(0), hidden.Size(1), cache?.Length ?? 0);
        if (past > 0 && GradientMode.IsEnabled)
        {
            throw new InvalidOperationException("past_key_values carry no gradient; run inside NoGrad.Enter()");
        }
        if (past + length > Config.NumPositions)
        {
            throw new ArgumentException(
                $"GPT-2: {past + length} positions are more than n_positions, which is {Config.NumPositions}", nameof(inputIds));
        }
        hidden += _positions.Forward(positionIds?.Reshape(-1, length) ?? PositionIds.From(past, length));
        if (tokenTypeIds is { } types) hidden += _tokens.Forward(types.Reshape(-1, length));
        hidden = _dropout.Forward(hidden);
        var mask = CausalMask.Of(attentionMask, rows, length, past, hidden.DType);
        for (var i = 0; i < _blocks.Count; i++)
        {
            states?.Add(hidden);
            hidden = GradientCheckpointing && IsTraining && cache is null && weights is null
                ? Checkpointed(_blocks[i], hidden, mask)
                : _blocks[i].Forward(hidden, mask, cache, weights);
        }
        cache?.Advance((int)length);
        hidden = _norm.Forward(hidden);
        states?.Add(hidden);
        return hidden;
    }

    private static Tensor Checkpointed(Gpt2Block block, Tensor hidden, CausalMask mask) => Checkpoint.Run(input => block.Forward(input, mask, null, null), hidden);
}
