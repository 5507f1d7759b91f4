using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// A model of Llama's family with a head that gives each text a class, several classes or numbers by its last token.
/// </summary>
public abstract class LlamaFamilyForSequenceClassification : LlamaFamilyPreTrainedModel
{
    private readonly Linear _score;

    private protected LlamaFamilyForSequenceClassification(LlamaFamilyModel model)
        : base(model.Config)
    {
        Model = AddModule("model", model);
        _score = AddModule("score", new Linear(Config.HiddenSize, Config.NumLabels, bias: false));
        PostInit();
    }

    /// <summary>The model without the head.</summary>
    public LlamaFamilyModel Model { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "position_ids", "inputs_embeds", "labels"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => Model.InputEmbeddings;

    /// <summary>Logits [batch, labels], and the mean loss where labels are given.</summary>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        var cache = ReturnsPastKeyValues ? new KeyValueCache() : null;
        List<Tensor>? states = Config.OutputHiddenStates ? [] : null, weights = Config.OutputAttentions ? [] : null;
        var ids = batch.Find("input_ids");
        var hidden = Model.Run(
            ids, batch.Find("attention_mask"), batch.Find("position_ids"), batch.Find("inputs_embeds"), cache, states, weights);
        var logits = _score.Forward(LastTokens.Of(hidden, ids, Config));
        return new ModelOutput
        {
            Loss = batch.Find("labels") is { } labels ? SequenceClassificationLoss.Of(logits, labels, Config) : null,
            Logits = logits,
            PastKeyValues = cache,
            HiddenStates = states,
            Attentions = weights,
        };
    }
}
