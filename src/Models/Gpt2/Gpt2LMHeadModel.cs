using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>GPT-2 with a head that predicts the next token (Hugging Face's <c>GPT2LMHeadModel</c>).</summary>
/// <example><code>
/// var model = new Gpt2LMHeadModel(Gpt2Config.FromPretrained("gpt2"));
/// model.LoadWeights("gpt2");
/// var output = model.Forward(ids, labels: ids);
/// output.Loss!.Value.Backward();
/// </code></example>
public sealed class Gpt2LMHeadModel : Gpt2PreTrainedModel, ICausalLanguageModel
{
    private readonly Linear _head;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public Gpt2LMHeadModel(Gpt2Config config)
        : base(config)
    {
        Transformer = AddModule("transformer", new Gpt2Model(config));
        _head = AddModule("lm_head", new Linear(config.HiddenSize, config.VocabSize, bias: false));
        PostInit();
        GenerationConfig = GenerationConfig.FromModelConfig(config);
    }

    /// <summary>The model without the head.</summary>
    public Gpt2Model Transformer { get; }

    /// <inheritdoc/>
    public override string Architecture => "GPT2LMHeadModel";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "token_type_ids", "position_ids", "inputs_embeds", "labels"];

    /// <inheritdoc/>
    public override bool IsCausalLanguageModel => true;

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => Transformer.InputEmbeddings;

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
            batch.Find("input_ids"), batch.Find("attention_mask"), batch.Find("token_type_ids"), batch.Find("position_ids"),
            batch.Find("inputs_embeds"), batch.Find("labels"), useCache: ReturnsPastKeyValues);
    }

    /// <summary>Logits [batch, length, vocabulary], and the mean loss of predicting each next label where labels are given.</summary>
    /// <param name="inputIds">[batch, length] of int64 or int32.</param>
    /// <param name="attentionMask">[batch, past + length], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="tokenTypeIds">[batch, length]: ids whose embeddings are added.</param>
    /// <param name="positionIds">[batch or 1, length]; from the number of past positions on where null, padding counted.</param>
    /// <param name="inputsEmbeds">[batch, length, hidden] in place of <paramref name="inputIds"/>.</param>
    /// <param name="labels">[batch, length], not shifted; -100 is left out of the mean.</param>
    /// <param name="pastKeyValues">Positions already seen; the new ones are added.</param>
    /// <param name="useCache">Return keys and values (in a new cache where none is given).</param>
    /// <param name="outputHiddenStates">Return all hidden states; as the configuration says where null.</param>
    /// <param name="outputAttentions">Return the attention weights; as the configuration says where null.</param>
    public ModelOutput Forward(
        Tensor? inputIds = null,
        Tensor? attentionMask = null,
        Tensor? tokenTypeIds = null,
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
        var logits = _head.Forward(
            Transformer.Run(inputIds, attentionMask, tokenTypeIds, positionIds, inputsEmbeds, cache, states, weights));
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
        Transformer.Run(inputIds, attentionMask, null, positionIds, null, cache, null, null);

    /// <inheritdoc/>
    public Tensor LogitsOf(Tensor states) => _head.Forward(states);
}
