using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>GPT-2 with a head that classifies: what the heads share is how they are run.</summary>
public abstract class Gpt2WithHead : Gpt2PreTrainedModel
{
    private protected Gpt2WithHead(Gpt2Config config)
        : base(config) => Transformer = AddModule("transformer", new Gpt2Model(config));

    /// <summary>The model without the head.</summary>
    public Gpt2Model Transformer { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "token_type_ids", "position_ids", "inputs_embeds", "labels"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => Transformer.InputEmbeddings;

    /// <summary>Logits, and the mean loss where labels are given.</summary>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        var cache = ReturnsPastKeyValues ? new KeyValueCache() : null;
        List<Tensor>? states = Config.OutputHiddenStates ? [] : null, weights = Config.OutputAttentions ? [] : null;
        var ids = batch.Find("input_ids");
        var hidden = Transformer.Run(
            ids, batch.Find("attention_mask"), batch.Find("token_type_ids"), batch.Find("position_ids"), batch.Find("inputs_embeds"), cache,
            states, weights);
        var logits = Logits(hidden, ids);
        return new ModelOutput
        {
            Loss = batch.Find("labels") is { } labels ? Loss(logits, labels) : null,
            Logits = logits,
            PastKeyValues = cache,
            HiddenStates = states,
            Attentions = weights,
        };
    }

    /// <summary>What the head makes of the last hidden state [batch, length, hidden].</summary>
    private protected abstract Tensor Logits(Tensor hidden, Tensor? inputIds);

    /// <summary>The mean loss of logits against labels.</summary>
    private protected abstract Tensor Loss(Tensor logits, Tensor labels);
}
