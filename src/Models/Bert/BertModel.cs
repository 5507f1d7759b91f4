using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// BERT without a head: embeddings, layers, and a pooler where one is wanted (Devlin et al., https://arxiv.org/abs/1810.04805; Hugging
/// Face's <c>BertModel</c>).
/// </summary>
public sealed class BertModel : BertPreTrainedModel
{
    private readonly BertEmbeddings _embeddings;
    private readonly BertEncoder _encoder;
    private readonly BertPooler? _pooler;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    /// <param name="config">What it is made from.</param>
    /// <param name="addPoolingLayer">Whether it has a pooler, which gives each text one vector.</param>
    public BertModel(BertConfig config, bool addPoolingLayer = true)
        : base(config)
    {
        _embeddings = AddModule("embeddings", new BertEmbeddings(config));
        _encoder = AddModule("encoder", new BertEncoder(config));
        if (addPoolingLayer) _pooler = AddModule("pooler", new BertPooler(config));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "BertModel";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "token_type_ids", "position_ids", "inputs_embeds"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => _embeddings.Tokens;

    /// <summary>The hidden state of each position, and what the pooler makes of the first.</summary>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(BertInputs.From(batch));
    }

    /// <inheritdoc cref="Forward(Batch)"/>
    public ModelOutput Forward(in BertInputs inputs)
    {
        var (states, weights) = inputs.Lists(Config);
        var hidden = Run(inputs, states, weights);
        return new BertModelOutput
        {
            LastHiddenState = hidden, PoolerOutput = _pooler?.Forward(hidden), HiddenStates = states, Attentions = weights,
        };
    }

    /// <summary>The pooler's vector for each text [batch, hidden].</summary>
    internal Tensor Pool(Tensor hidden) => _pooler!.Forward(hidden);

    /// <summary>The last hidden state [batch, length, hidden]; the lists are filled where they are given.</summary>
    internal Tensor Run(in BertInputs inputs, List<Tensor>? states, List<Tensor>? weights)
    {
        var tokens = Tokens(inputs.InputIds, inputs.InputsEmbeds);
        var (rows, length) = (tokens.Size(0), tokens.Size(1));
        if (length > Config.MaxPositionEmbeddings)
        {
            throw new ArgumentException(
                $"BERT: {length} positions are more than max_position_embeddings, which is {Config.MaxPositionEmbeddings}", nameof(inputs));
        }
        var hidden = _embeddings.Forward(tokens, inputs.TokenTypeIds, inputs.PositionIds);
        var mask = AttentionSummands.Of(inputs.AttentionMask, "attention_mask", rows, length, length, hidden.DType);
        var layers = _encoder.Layers;
        for (var i = 0; i < layers.Count; i++)
        {
            states?.Add(hidden);
            hidden = GradientCheckpointing && IsTraining && weights is null
                ? Checkpointed(layers[i], hidden, mask)
                : layers[i].Forward(hidden, mask, weights);
        }
        states?.Add(hidden);
        return hidden;
    }

    private static Tensor Checkpointed(BertLayer layer, Tensor hidden, AttentionSummands mask) =>
        Checkpoint.Run(input => layer.Forward(input, mask, null), hidden);

    private Tensor Tokens(Tensor? inputIds, Tensor? inputsEmbeds)
    {
        if (inputIds is null == inputsEmbeds is null)
        {
            throw new ArgumentException("BERT takes either input_ids or inputs_embeds, exactly one of them", nameof(inputIds));
        }
        if (inputIds is { Rank: not 2 } ids) throw new ArgumentException($"input_ids is [batch, length], found {ids}", nameof(inputIds));
        if (inputsEmbeds is { } given && (given.Rank != 3 || given.Size(2) != Config.HiddenSize))
        {
            throw new ArgumentException($"inputs_embeds is [batch, length, {Config.HiddenSize}], found {given}", nameof(inputsEmbeds));
        }
        return inputsEmbeds ?? _embeddings.Tokens.Forward(inputIds!.Value);
    }
}

/// <summary>What BERT without a head gives.</summary>
public sealed class BertModelOutput : ModelOutput
{
    /// <summary>[batch, hidden]: what the pooler makes of the first position; null without a pooler.</summary>
    public Tensor? PoolerOutput { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> Items()
    {
        yield return ("last_hidden_state", LastHiddenState!.Value);
        if (PoolerOutput is { } pooled) yield return ("pooler_output", pooled);
        foreach (var item in base.Items())
        {
            if (item.Name != "last_hidden_state") yield return item;
        }
    }
}
