using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>A model of Llama's family with a head that predicts the next token.</summary>
public abstract class LlamaFamilyForCausalLM : LlamaFamilyPreTrainedModel, ICausalLanguageModel
{
    private readonly Linear _head;

    private protected LlamaFamilyForCausalLM(LlamaFamilyModel model)
        : base(model.Config)
    {
        Model = AddModule("model", model);
        _head = AddModule("lm_head", new Linear(Config.HiddenSize, Config.VocabSize, bias: false));
        PostInit();
        GenerationConfig = GenerationConfig.FromModelConfig(Config);
    }

    /// <summary>The model without the head.</summary>
    public LlamaFamilyModel Model { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "position_ids", "inputs_embeds", "labels"];

    /// <inheritdoc/>
    public override bool IsCausalLanguageModel => true;

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => Model.InputEmbeddings;

    /// <inheritdoc/>
    public override Linear OutputEmbeddings => _head;

    /// <inheritdoc/>
    public override void TieWeights()
    {
        if (Config.TieWordEmbeddings) _head.TieWeight(InputEmbeddings.Weight);
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(
            batch.Find("input_ids"), batch.Find("attention_mask"), batch.Find("position_ids"), batch.Find("inputs_embeds"),
            batch.Find("labels"), useCache: ReturnsPastKeyValues);
    }

    /// <summary>Logits [batch, length, vocabulary], and the mean loss of predicting each next label where labels are given.</summary>
    /// <param name="inputIds">[batch, length] of int64 or int32.</param>
    /// <param name="attentionMask">[batch, past + length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="positionIds">
    /// [batch or 1, length], each below past + length; from the number of past positions on where null, padding counted.
    /// </param>
    /// <param name="inputsEmbeds">[batch, length, hidden] in place of <paramref name="inputIds"/>.</param>
    /// <param name="labels">[batch, length], not shifted; -100 is left out of the mean.</param>
    /// <param name="pastKeyValues">Positions already seen; the new ones are added.</param>
    /// <param name="useCache">Return keys and values (in a new cache where none is given).</param>
    /// <param name="outputHiddenStates">Return all hidden states; as the configuration says where null.</param>
    /// <param name="outputAttentions">Return the attention weights; as the configuration says where null.</param>
    public ModelOutput Forward(
        Tensor? inputIds = null,
        Tensor? attentionMask = null,
        Tensor? positionIds = null,
        Tensor? inputsEmbeds = null,
        Tensor? labels = null,
        KeyValueCache? pastKeyValues = null,
        bool useCache = false,
        bool? outputHiddenStates = null,
        bool? outputAttentions = null)
    {
        var cache = pastKeyValues ?? (useCache ? new KeyValueCache() : null);
        var states = outputHiddenStates ?? Config.OutputHiddenStates ? new List<Tensor>() : null;
        var weights = outputAttentions ?? Config.OutputAttentions ? new List<Tensor>() : null;
        var logits = _head.Forward(Model.Run(inputIds, attentionMask, positionIds, inputsEmbeds, cache, states, weights));
        return new ModelOutput
        {
            Loss = labels is { } targets ? CausalLanguageModelLoss.Of(logits, targets) : null,
            Logits = logits,
            PastKeyValues = useCache ? cache : null,
            HiddenStates = states,
            Attentions = weights,
        };
    }

    /// <inheritdoc/>
    public Tensor LastHiddenStates(Tensor inputIds, Tensor? attentionMask, Tensor? positionIds, KeyValueCache? cache) =>
        Model.Run(inputIds, attentionMask, positionIds, null, cache, null, null);

    /// <inheritdoc/>
    public Tensor LogitsOf(Tensor states) => _head.Forward(states);
}
