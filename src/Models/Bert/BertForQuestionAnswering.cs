using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// BERT with a head that scores each token as an answer's first and as its last (Hugging Face's <c>BertForQuestionAnswering</c>).
/// </summary>
public sealed class BertForQuestionAnswering : BertPreTrainedModel
{
    private readonly Linear _outputs;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    /// <exception cref="ConfigurationException">The configuration has not two labels, first and last.</exception>
    public BertForQuestionAnswering(BertConfig config)
        : base(config)
    {
        if (config.NumLabels != 2)
        {
            throw new ConfigurationException(
                nameof(BertForQuestionAnswering),
                $"id2label has {config.NumLabels} labels, expected 2: an answer's first token and its last");
        }
        Bert = AddModule("bert", new BertModel(config, addPoolingLayer: false));
        _outputs = AddModule("qa_outputs", new Linear(config.HiddenSize, config.NumLabels));
        PostInit();
    }

    /// <summary>The model without the head.</summary>
    public BertModel Bert { get; }

    /// <inheritdoc/>
    public override string Architecture => "BertForQuestionAnswering";

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLabelNames => ["start_positions", "end_positions"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "token_type_ids", "position_ids", "inputs_embeds", "start_positions", "end_positions"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => Bert.InputEmbeddings;

    /// <inheritdoc/>
    public override QuestionAnsweringOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(BertInputs.From(batch), batch.Find("start_positions"), batch.Find("end_positions"));
    }

    /// <summary>Scores of first and last tokens, and the mean loss where both places are given.</summary>
    /// <param name="inputs">The texts.</param>
    /// <param name="startPositions">[batch]: where answers begin; a place outside the text does not count.</param>
    /// <param name="endPositions">[batch]: where they end.</param>
    public QuestionAnsweringOutput Forward(in BertInputs inputs, Tensor? startPositions = null, Tensor? endPositions = null)
    {
        var (states, weights) = inputs.Lists(Config);
        var logits = _outputs.Forward(Bert.Run(inputs, states, weights));
        return QuestionAnsweringOutput.Of(logits, startPositions, endPositions, states, weights);
    }
}
