using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What a call of generation does, after options, model and inputs have been brought together and checked.</summary>
/// <remarks>The order of the checks and the sources of token ids are Hugging Face's.</remarks>
internal sealed class GenerationPlan
{
    /// <summary>Brings them together.</summary>
    /// <exception cref="ConfigurationException">Options that do not hold.</exception>
    /// <exception cref="ArgumentException">Inputs that do not fit the model.</exception>
    public GenerationPlan(PreTrainedModel model, GenerateInputs inputs, GenerationConfig? config)
    {
        Model = model;
        Inputs = inputs;
        Config = config ?? GenerationConfig.Of(model, inputs.Warn);
        if (model is not (ICausalLanguageModel or ISeq2SeqLanguageModel))
        {
            throw new NotSupportedException($"{model.Architecture} does not generate text");
        }
        Config.Validate();
        CheckIds(inputs.InputIds, "input_ids", model);
        if (inputs.AttentionMask is { } given && given.Shape != inputs.InputIds.Shape)
        {
            throw new ArgumentException($"attention_mask has the shape of input_ids, {inputs.InputIds.Shape}, found {given.Shape}");
        }

        // Ids that the options do not have are those of the model, but an end that is only the model's brings no padding with it.
        var eos = Config.EosTokenIds;
        var pad = Config.PadTokenId ?? (eos.Count > 0 ? eos[0] : null);
        Mask = inputs.AttentionMask ?? InferredMask(inputs.InputIds, pad, eos);
        Pad = pad ?? model.GenerationConfig?.PadTokenId ?? -1;
        Eos = eos.Count > 0 ? eos : model.GenerationConfig?.EosTokenIds ?? [];
        if (Eos.Count > 0 && Pad == -1)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig), "pad_token_id is null, expected an id to fill up rows that end with eos_token_id");
        }

        Prompt = model is ISeq2SeqLanguageModel ? DecoderPrompt(model, inputs, Config) : inputs.InputIds;
        if (model is not ISeq2SeqLanguageModel && inputs.DecoderInputIds is not null)
        {
            throw new ArgumentException($"decoder_input_ids are for a model with an encoder, which {model.Architecture} is not");
        }
        PromptLength = (int)Prompt.Size(1);
        MaxLength = Config.MaxNewTokens is { } count ? PromptLength + count : Config.MaxLength!.Value;
        if (Config.NumBeams > 1 && MaxLength <= PromptLength)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig),
                $"max_length is {MaxLength}, expected more than the prompt's {PromptLength} ids for beams; use max_new_tokens");
        }
        LastLength = Math.Max(MaxLength, PromptLength + 1); // one token at least
        if (inputs.Warn is { } warn) Warn(warn);
    }

    /// <summary>The model.</summary>
    public PreTrainedModel Model { get; }

    /// <summary>What is continued.</summary>
    public GenerateInputs Inputs { get; }

    /// <summary>The options; not changed.</summary>
    public GenerationConfig Config { get; }

    /// <summary>The mask of <see cref="GenerateInputs.InputIds"/>; null for all tokens.</summary>
    public Tensor? Mask { get; }

    /// <summary>[batch, length]: what rows begin with.</summary>
    public Tensor Prompt { get; }

    /// <summary>How long that is.</summary>
    public int PromptLength { get; }

    /// <summary>max_length, or what max_new_tokens makes of it.</summary>
    public int MaxLength { get; }

    /// <summary>How long rows become at most; they get one token at least.</summary>
    public int LastLength { get; }

    /// <summary>The ids that end a row.</summary>
    public IReadOnlyList<int> Eos { get; }

    /// <summary>What rows are filled up with; -1 where they cannot end.</summary>
    public int Pad { get; }

    /// <summary>Rows in buffers, and the decoder that reads them.</summary>
    /// <param name="times">How many rows each prompt has.</param>
    public RowDecoder Decoder(int times)
    {
        KeyValueCache? cache = null;
        if (Config.UseCache) cache = new KeyValueCache(Math.Min(LastLength, Math.Max(Model.Config.MaxPositions ?? LastLength, PromptLength)));
        return Model is ISeq2SeqLanguageModel seq2Seq
            ? new Seq2SeqDecoder(seq2Seq, Inputs.InputIds, Mask, new GenerationRows(Prompt, null, times, LastLength), cache)
            : new CausalDecoder((ICausalLanguageModel)Model, new GenerationRows(Prompt, Mask, times, LastLength), cache);
    }

    /// <summary>The processors of the options and the user's.</summary>
    /// <param name="rows">How many rows are processed at a time.</param>
    public List<LogitsProcessor> Processors(int rows)
    {
        var ids = Inputs.InputIds;
        var width = (int)ids.Size(1);
        List<long[]> read = [];
        var all = Longs(ids);
        for (var row = 0; row < ids.Size(0); row++) read.Add(all[(row * width)..((row + 1) * width)]);
        return LogitsProcessors.Processors(Config, new ProcessorContext(Model, PromptLength, MaxLength, read, rows), Inputs.LogitsProcessors);
    }

    private static void CheckIds(Tensor ids, string name, PreTrainedModel model)
    {
        if (ids.Rank != 2 || ids.ElementCount == 0 || ids.DType.IsFloatingPoint)
        {
            throw new ArgumentException($"{name} is [batch, length] with at least one id a row, found {ids}");
        }
        var (values, vocabulary) = (Longs(ids), model.Config.VocabSize);
        for (var i = 0; i < values.Length; i++)
        {
            if ((ulong)values[i] < (ulong)vocabulary) continue;
            var (row, place) = Math.DivRem(i, (int)ids.Size(1));
            throw new ArgumentException(
                $"{name} of row {row} has {values[i]} at place {place}, expected an id below the vocabulary's {vocabulary}");
        }
    }

    private static long[] Longs(Tensor ids) =>
        ids.DType == DType.Int64 ? ids.ToArray<long>() : [.. ids.ToArray<int>().Select(id => (long)id)];

    private static Tensor? InferredMask(Tensor ids, int? pad, IReadOnlyList<int> eos)
    {
        if (pad is not { } padding || eos.Contains(padding)) return null;
        var values = Longs(ids);
        if (!values.Contains(padding)) return null;
        using var outside = TensorPool.Suspend();
        return Tensor.From([.. values.Select(id => id == padding ? 0L : 1L)], ids.Shape);
    }

    private static Tensor DecoderPrompt(PreTrainedModel model, GenerateInputs inputs, GenerationConfig config)
    {
        var own = model.GenerationConfig;
        long start = config.DecoderStartTokenId ?? own?.DecoderStartTokenId ?? config.BosTokenId ?? own?.BosTokenId
            ?? throw new ConfigurationException(
                nameof(GenerationConfig), "decoder_start_token_id is null, expected the id that the decoder begins with");
        if ((ulong)start >= (ulong)model.Config.VocabSize)
        {
            throw new ConfigurationException(
                nameof(GenerationConfig), $"decoder_start_token_id is {start}, expected an id below the vocabulary's {model.Config.VocabSize}");
        }
        var rows = inputs.InputIds.Size(0);
        using var outside = TensorPool.Suspend();
        if (inputs.DecoderInputIds is not { } given) return Tensor.From(Enumerable.Repeat(start, (int)rows).ToArray(), [rows, 1]);
        CheckIds(given, "decoder_input_ids", model);
        if (given.Size(0) != rows) throw new ArgumentException($"decoder_input_ids has a row for each of input_ids, {rows}, found {given}");
        var (values, width) = (Longs(given), (int)given.Size(1));
        if (values.Chunk(width).Any(row => row[0] == start)) return Tensor.From(values, given.Shape);
        return Tensor.From(values.Chunk(width).SelectMany(row => row.Prepend(start)).ToArray(), [rows, width + 1]);
    }

    private void Warn(Action<string> warn)
    {
        foreach (var text in Config.Warnings()) warn(text);
        if (Config.MaxNewTokens is null && Config.MaxLength is { } most)
        {
            if (PromptLength >= most)
            {
                warn($"the prompt has {PromptLength} ids and max_length is {most}: it gets one token all the same; set max_new_tokens");
            }
            else if (Config.IsAtDefault("max_length")) warn($"max_length is {most} by default, the prompt included; set max_new_tokens");
        }
        if (Config.MinLength > MaxLength) warn($"min_length is {Config.MinLength} and rows have at most {MaxLength} positions, which wins");
        if (PromptLength + Config.MinNewTokens > MaxLength)
        {
            warn($"min_new_tokens is {Config.MinNewTokens} and rows have at most {MaxLength} positions, which wins");
        }
        if (Model is not ISeq2SeqLanguageModel && Mask is { } mask && new GenerationRows(Prompt, mask, 1, PromptLength).EndsWithPadding)
        {
            warn("a row ends with padding; prompts of this model are padded on the left");
        }
    }
}
