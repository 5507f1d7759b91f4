using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>T5 with a head that predicts the decoder's next token (Hugging Face's <c>T5ForConditionalGeneration</c>).</summary>
/// <example><code>
/// var model = new T5ForConditionalGeneration(T5Config.FromPretrained("t5-small"));
/// model.LoadWeights("t5-small");
/// var output = model.Forward(new T5Inputs { InputIds = ids, Labels = labels });
/// output.Loss!.Value.Backward();
/// </code></example>
public sealed class T5ForConditionalGeneration : T5EncoderDecoder, ISeq2SeqLanguageModel
{
    private readonly Linear _head;
    private readonly double _scale;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public T5ForConditionalGeneration(T5Config config)
        : base(config)
    {
        _head = AddModule("lm_head", new Linear(config.ModelSize, config.VocabSize, bias: false));
        _scale = Math.Pow(config.ModelSize, -0.5);
        PostInit();
        GenerationConfig = GenerationConfig.FromModelConfig(config);
    }

    /// <inheritdoc/>
    public override string Architecture => "T5ForConditionalGeneration";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "decoder_input_ids", "decoder_attention_mask", "inputs_embeds", "decoder_inputs_embeds", "labels"];

    /// <inheritdoc/>
    public override Linear OutputEmbeddings => _head;

    /// <inheritdoc/>
    public override void TieWeights()
    {
        if (Config.TieWordEmbeddings) _head.TieWeight(InputEmbeddings.Weight);
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor inputIds, Tensor? attentionMask) => Encoder.Encode(inputIds, attentionMask, null, null, null);

    /// <inheritdoc/>
    public Tensor LastHiddenStates(Tensor decoderInputIds, Tensor encoderStates, Tensor? encoderMask, KeyValueCache? cache) =>
        Decoder.Decode(decoderInputIds, null, null, encoderStates, encoderMask, cache, null, null, null);

    /// <inheritdoc/>
    public Tensor LogitsOf(Tensor states) => Score(states);

    /// <inheritdoc/>
    public Tensor PrepareDecoderInputIdsFromLabels(Tensor labels) => ShiftRight(labels);

    private protected override Tensor? Logits(Tensor decoded) => Score(decoded);

    private protected override Tensor? DecoderInput(T5Inputs inputs) =>
        inputs is { DecoderInputIds: null, DecoderInputsEmbeds: null, Labels: { } labels } ? ShiftRight(labels) : inputs.DecoderInputIds;

    // A shared embedding is of order 1 where a head of its own would be of order 1/√features.
    private Tensor Score(Tensor hidden) => _head.Forward(Config.TieWordEmbeddings ? hidden * _scale : hidden);
}
