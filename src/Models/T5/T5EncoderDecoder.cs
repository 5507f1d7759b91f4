using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>A token embedding that an encoder and a decoder share: what T5 is, whatever head it has.</summary>
public abstract class T5EncoderDecoder : T5PreTrainedModel
{
    private readonly Embedding _shared;

    private protected T5EncoderDecoder(T5Config config)
        : base(config)
    {
        _shared = AddModule("shared", new Embedding(config.VocabSize, config.ModelSize));
        Encoder = AddModule("encoder", new T5Stack(config, _shared, isDecoder: false));
        Decoder = AddModule("decoder", new T5Stack(config, _shared, isDecoder: true));
    }

    /// <summary>What reads the input.</summary>
    public T5Stack Encoder { get; }

    /// <summary>What writes the output, looking at the encoder's states.</summary>
    public T5Stack Decoder { get; }

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => _shared;

    /// <inheritdoc/>
    public override Seq2SeqModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        return Forward(T5Inputs.From(batch));
    }

    /// <summary>Encoder (unless its states are given), decoder, and the head if there is one.</summary>
    public Seq2SeqModelOutput Forward(T5Inputs inputs)
    {
        var wantsStates = inputs.OutputHiddenStates ?? Config.OutputHiddenStates;
        var wantsWeights = inputs.OutputAttentions ?? Config.OutputAttentions;
        List<Tensor>? states = wantsStates ? [] : null, encoderStates = wantsStates && inputs.EncoderStates is null ? [] : null;
        List<Tensor>? weights = wantsWeights ? [] : null, encoderWeights = wantsWeights && inputs.EncoderStates is null ? [] : null;
        List<Tensor>? crossWeights = wantsWeights ? [] : null;
        var cache = inputs.PastKeyValues ?? (inputs.UseCache ? new KeyValueCache() : null);
        var encoded = inputs.EncoderStates
            ?? Encoder.Encode(inputs.InputIds, inputs.AttentionMask, inputs.InputsEmbeds, encoderStates, encoderWeights);
        var decoded = Decoder.Decode(
            DecoderInput(inputs), inputs.DecoderAttentionMask, inputs.DecoderInputsEmbeds, encoded, inputs.AttentionMask, cache, states,
            weights, crossWeights);
        var logits = Logits(decoded);
        return new Seq2SeqModelOutput
        {
            Loss = logits is { } scores && inputs.Labels is { } labels ? Loss(scores, labels) : null,
            LogitsOrNone = logits,
            LastHiddenState = logits is null ? decoded : null,
            PastKeyValues = inputs.UseCache ? cache : null,
            DecoderHiddenStates = states,
            DecoderAttentions = weights,
            CrossAttentions = crossWeights,
            EncoderLastHiddenState = encoded,
            EncoderHiddenStates = encoderStates,
            EncoderAttentions = encoderWeights,
        };
    }

    /// <summary>What the head makes of the decoder's last states; null without a head.</summary>
    private protected virtual Tensor? Logits(Tensor decoded) => null;

    /// <summary>The ids that the decoder reads.</summary>
    private protected virtual Tensor? DecoderInput(T5Inputs inputs) => inputs.DecoderInputIds;

    private static Tensor Loss(Tensor logits, Tensor labels)
    {
        if (labels.Shape != logits.Shape.Without(-1))
        {
            throw new ArgumentException(
                $"labels are [batch, length] as the decoder's input, {logits.Shape.Without(-1)}, found {labels}", nameof(labels));
        }
        return logits.Reshape(-1, logits.Size(2)).CrossEntropy(labels.Reshape(-1));
    }
}
