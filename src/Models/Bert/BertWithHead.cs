using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>BERT with a head: what the heads share is how they are run.</summary>
public abstract class BertWithHead : BertPreTrainedModel
{
    private protected BertWithHead(BertConfig config, bool addPoolingLayer)
        : base(config) => Bert = AddModule("bert", new BertModel(config, addPoolingLayer));

    /// <summary>The model without the head.</summary>
    public BertModel Bert { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "token_type_ids", "position_ids", "inputs_embeds", "labels"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => Bert.InputEmbeddings;

    /// <inheritdoc/>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(BertInputs.From(batch), batch.Find("labels"));
    }

    /// <summary>Logits, and the mean loss where labels are given.</summary>
    public ModelOutput Forward(in BertInputs inputs, Tensor? labels = null)
    {
        var (states, weights) = inputs.Lists(Config);
        var logits = Logits(Bert.Run(inputs, states, weights));
        return new ModelOutput
        {
            Loss = labels is { } targets ? Loss(logits, targets) : null, Logits = logits, HiddenStates = states, Attentions = weights,
        };
    }

    /// <summary>What the head makes of the last hidden state [batch, length, hidden].</summary>
    private protected abstract Tensor Logits(Tensor hidden);

    /// <summary>The mean loss of logits against labels.</summary>
    private protected abstract Tensor Loss(Tensor logits, Tensor labels);
}
