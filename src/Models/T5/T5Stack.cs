using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>T5's encoder or its decoder: dropout of embeddings, blocks, final norm, dropout (Hugging Face's <c>T5Stack</c>).</summary>
public sealed class T5Stack : T5PreTrainedModel
{
    private readonly bool _isDecoder;
    private readonly Embedding _tokens;
    private readonly ModuleList<T5Block> _blocks;
    private readonly RmsNorm _norm;
    private readonly Dropout _dropout;

    internal T5Stack(T5Config config, Embedding tokens, bool isDecoder)
        : base(config)
    {
        _isDecoder = isDecoder;
        _tokens = AddModule("embed_tokens", tokens);
        var blocks = Enumerable.Range(0, isDecoder ? config.NumDecoderLayers : config.NumLayers);
        _blocks = AddModule("block", new ModuleList<T5Block>(blocks.Select(index => new T5Block(config, index, isDecoder))));
        _norm = AddModule("final_layer_norm", new RmsNorm(config.ModelSize, config.LayerNormEpsilon));
        _dropout = AddModule("dropout", new Dropout(config.DropoutRate));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "T5Stack";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } = ["input_ids", "attention_mask", "inputs_embeds"];

    /// <inheritdoc/>
    public override Embedding InputEmbeddings => _tokens;

    /// <summary>Runs an encoder; a decoder runs within the model that has both.</summary>
    public override ModelOutput Forward(Batch batch)
    {
        CheckNames(batch);
        if (_isDecoder) throw new NotSupportedException("T5's decoder runs within T5Model or T5ForConditionalGeneration");
        var states = Config.OutputHiddenStates ? new List<Tensor>() : null;
        var weights = Config.OutputAttentions ? new List<Tensor>() : null;
        var hidden = Encode(batch.Find("input_ids"), batch.Find("attention_mask"), batch.Find("inputs_embeds"), states, weights);
        return new ModelOutput { LastHiddenState = hidden, HiddenStates = states, Attentions = weights };
    }

    /// <summary>The encoder's last state [batch, length, features]; the lists are filled where they are given.</summary>
    internal Tensor Encode(Tensor? inputIds, Tensor? mask, Tensor? inputsEmbeds, List<Tensor>? states, List<Tensor>? weights)
    {
        var hidden = Embed(inputIds, inputsEmbeds, "");
        var (rows, length) = (hidden.Size(0), hidden.Size(1));
        var bias = _blocks[0].PositionBias(length, length);
        var summands = AttentionSummands.Of(mask, "attention_mask", rows, length, length, hidden.DType, bias);
        for (var i = 0; i < _blocks.Count; i++)
        {
            var block = _blocks[i];
            states?.Add(hidden);
            hidden = IsCheckpointed(weights)
                ? Checkpointed(block, hidden, summands)
                : block.Forward(hidden, summands, weights);
        }
        return Finish(hidden, states);
    }

    /// <summary>The decoder's last state [batch, length, features]; cache and lists are filled where they are given.</summary>
    internal Tensor Decode(
        Tensor? inputIds, Tensor? mask, Tensor? inputsEmbeds, Tensor encoded, Tensor? encoderMask, KeyValueCache? cache,
        List<Tensor>? states, List<Tensor>? weights, List<Tensor>? crossWeights)
    {
        var hidden = Embed(inputIds, inputsEmbeds, "decoder_");
        var (rows, length, past, seen) = (hidden.Size(0), hidden.Size(1), cache?.Length ?? 0, encoded.Size(1));
        if (past > 0 && GradientMode.IsEnabled)
        {
            throw new InvalidOperationException("past_key_values carry no gradient; run inside NoGrad.Enter()");
        }
        if (encoded.Rank != 3 || encoded.Size(0) != rows)
        {
            throw new ArgumentException(
                $"the encoder's states are [batch, length, features] for {rows} rows, found {encoded}", nameof(encoded));
        }
        var bias = _blocks[0].PositionBias(length, past + length);
        var summands = AttentionSummands.Causal(mask, "decoder_attention_mask", rows, length, past, hidden.DType, bias);
        var cross = AttentionSummands.Of(encoderMask, "attention_mask", rows, length, seen, hidden.DType);
        for (var i = 0; i < _blocks.Count; i++)
        {
            var block = _blocks[i];
            states?.Add(hidden);
            hidden = cache is null && IsCheckpointed(weights)
                ? Checkpointed(block, hidden, summands, encoded, cross)
                : block.Forward(hidden, summands, encoded, cross, cache, weights, crossWeights);
        }
        if (cache is { CrossAttention.Length: 0 }) cache.CrossAttention.Advance((int)seen);
        cache?.Advance((int)length);
        return Finish(hidden, states);
    }

    private Tensor Embed(Tensor? inputIds, Tensor? inputsEmbeds, string prefix)
    {
        if (inputIds is null == inputsEmbeds is null)
        {
            throw new ArgumentException(
                $"T5 takes either {prefix}input_ids or {prefix}inputs_embeds, exactly one of them", nameof(inputIds));
        }
        if (inputIds is { Rank: not 2 } ids)
        {
            throw new ArgumentException($"{prefix}input_ids is [batch, length], found {ids}", nameof(inputIds));
        }
        if (inputsEmbeds is { } given && (given.Rank != 3 || given.Size(2) != Config.ModelSize))
        {
            throw new ArgumentException(
                $"{prefix}inputs_embeds is [batch, length, {Config.ModelSize}], found {given}", nameof(inputsEmbeds));
        }
        return _dropout.Forward(inputsEmbeds ?? _tokens.Forward(inputIds!.Value));
    }

    private Tensor Finish(Tensor hidden, List<Tensor>? states)
    {
        hidden = _dropout.Forward(_norm.Forward(hidden));
        states?.Add(hidden);
        return hidden;
    }

    private bool IsCheckpointed(List<Tensor>? weights) => GradientCheckpointing && IsTraining && weights is null;

    private static Tensor Checkpointed(T5Block block, Tensor hidden, AttentionSummands summands) => Checkpoint.Run(
        inputs => block.Forward(inputs[0], summands.With(inputs[1], inputs[2]), null), hidden, summands.Bias!.Value, summands.Sum!.Value);

    private static Tensor Checkpointed(
        T5Block block, Tensor hidden, AttentionSummands summands, Tensor encoded, AttentionSummands cross) => Checkpoint.Run(
            inputs => block.Forward(inputs[0], summands.With(inputs[1], inputs[2]), inputs[3], cross, null, null, null),
            hidden, summands.Bias!.Value, summands.Sum!.Value, encoded);
}
