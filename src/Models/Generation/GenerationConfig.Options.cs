namespace NativeTrainer.Models;

// The fields by their types. What each is for is said at length in docs/generation.md.
public sealed partial class GenerationConfig
{
    /// <summary>The most positions of a row, prompt and padding included; <see cref="MaxNewTokens"/> comes before it. Default 20.</summary>
    public int? MaxLength { get => OptionalInt("max_length"); set => this["max_length"] = value; }

    /// <summary>The most new tokens of a row.</summary>
    public int? MaxNewTokens { get => OptionalInt("max_new_tokens"); set => this["max_new_tokens"] = value; }

    /// <summary>A row does not end before it has this many positions, prompt and padding included. Default 0.</summary>
    public int MinLength { get => OptionalInt("min_length") ?? 0; set => this["min_length"] = value; }

    /// <summary>A row does not end before it has this many new tokens.</summary>
    public int? MinNewTokens { get => OptionalInt("min_new_tokens"); set => this["min_new_tokens"] = value; }

    /// <summary>When beam search ends. Default <see cref="Models.EarlyStopping.False"/>.</summary>
    public EarlyStopping EarlyStopping
    {
        get => this["early_stopping"] switch
        {
            true or 1L or 1.0 => EarlyStopping.True,
            false or 0L or 0.0 => EarlyStopping.False,
            "never" => EarlyStopping.Never,
            _ => throw Wrong("early_stopping", "true, false or \"never\""),
        };
        set => this["early_stopping"] = value switch { EarlyStopping.Never => "never", _ => value == EarlyStopping.True };
    }

    /// <summary>Seconds after which no further token is begun.</summary>
    public double? MaxTime { get => OptionalNumber("max_time"); set => this["max_time"] = value; }

    /// <summary>Draw each token at random by its probability, rather than take the likeliest. Default false.</summary>
    public bool DoSample { get => Bool("do_sample"); set => this["do_sample"] = value; }

    /// <summary>How many continuations of a row are followed at the same time. Default 1: no beams.</summary>
    public int NumBeams { get => OptionalInt("num_beams") ?? 1; set => this["num_beams"] = value; }

    /// <summary>Into how many groups the beams are divided, which are kept different by <see cref="DiversityPenalty"/>. Default 1.</summary>
    public int NumBeamGroups { get => OptionalInt("num_beam_groups") ?? 1; set => this["num_beam_groups"] = value; }

    /// <summary>Contrastive search: how much likeness to what is there counts against a token; off where null or 0.</summary>
    public double? PenaltyAlpha { get => OptionalNumber("penalty_alpha"); set => this["penalty_alpha"] = value; }

    /// <summary>Whether to keep the keys and values of past positions: the same tokens, faster. Default true.</summary>
    public bool UseCache { get => Bool("use_cache"); set => this["use_cache"] = value; }

    /// <summary>What scores are divided by before sampling; above 0. Default 1.</summary>
    public double Temperature { get => OptionalReal("temperature") ?? 1; set => this["temperature"] = value; }

    /// <summary>Sample from this many of the likeliest tokens only; 0 is off. Default 50. Contrastive search chooses among as many.</summary>
    public int TopK { get => OptionalInt("top_k") ?? 0; set => this["top_k"] = value; }

    /// <summary>Sample from the likeliest tokens only that together have this probability; 1 is off. Default 1.</summary>
    public double TopP { get => OptionalNumber("top_p") ?? 1; set => this["top_p"] = value; }

    /// <summary>Sample from tokens about as surprising as is to be expected that together have this probability; 1 is off. Default 1.</summary>
    public double TypicalP { get => OptionalNumber("typical_p") ?? 1; set => this["typical_p"] = value; }

    /// <summary>Sample from tokens of at least this probability only; 0 is off. Default 0.</summary>
    public double EpsilonCutoff { get => OptionalNumber("epsilon_cutoff") ?? 0; set => this["epsilon_cutoff"] = value; }

    /// <summary>As <see cref="EpsilonCutoff"/>, and less where the distribution is flat; 0 is off. Default 0.</summary>
    public double EtaCutoff { get => OptionalNumber("eta_cutoff") ?? 0; set => this["eta_cutoff"] = value; }

    /// <summary>What a group of beams loses for a token that a group before it has just taken. Default 0.</summary>
    public double DiversityPenalty { get => OptionalReal("diversity_penalty") ?? 0; set => this["diversity_penalty"] = value; }

    /// <summary>Above 1 tokens that are in the row already become less likely, below 1 likelier. Default 1.</summary>
    public double RepetitionPenalty { get => OptionalReal("repetition_penalty") ?? 1; set => this["repetition_penalty"] = value; }

    /// <summary>Above 1 tokens of the encoder's input (of the prompt, where there is no encoder) become likelier. Default 1.</summary>
    public double EncoderRepetitionPenalty
    {
        get => OptionalReal("encoder_repetition_penalty") ?? 1;
        set => this["encoder_repetition_penalty"] = value;
    }

    /// <summary>A beam's score is divided by its new tokens to this power: above 0 long rows gain. Default 1.</summary>
    public double LengthPenalty { get => OptionalNumber("length_penalty") ?? 1; set => this["length_penalty"] = value; }

    /// <summary>No run of this many tokens comes twice in a row; 0 is off. Default 0.</summary>
    public int NoRepeatNGramSize { get => OptionalInt("no_repeat_ngram_size") ?? 0; set => this["no_repeat_ngram_size"] = value; }

    /// <summary>No run of this many tokens of the encoder's input (of the prompt) is generated; 0 is off. Default 0.</summary>
    public int EncoderNoRepeatNGramSize
    {
        get => OptionalInt("encoder_no_repeat_ngram_size") ?? 0;
        set => this["encoder_no_repeat_ngram_size"] = value;
    }

    /// <summary>Sequences that are not generated.</summary>
    public IReadOnlyList<int[]>? BadWordsIds
    {
        get => this["bad_words_ids"] switch
        {
            null => null,
            IReadOnlyList<object?> { Count: > 0 } words when words.All(word => IntsOf(word) is { Length: > 0 } ids && ids.All(id => id >= 0)) =>
                [.. words.Select(word => IntsOf(word)!)],
            _ => throw Wrong("bad_words_ids", "a list of at least one list of token ids, as [[3], [5, 8]]"),
        };
        set => this["bad_words_ids"] = value;
    }

    /// <summary>What is added to the score of the token that completes a sequence.</summary>
    public IReadOnlyList<(int[] Tokens, float Bias)>? SequenceBias
    {
        get => this["sequence_bias"] is { } pairs ? ReadBias(pairs) : null;
        set => this["sequence_bias"] = value?.Select(pair => new object[] { pair.Tokens, (double)pair.Bias });
    }

    /// <summary>Turn scores into log-probabilities after everything else. Default false.</summary>
    public bool RenormalizeLogits { get => Bool("renormalize_logits"); set => this["renormalize_logits"] = value; }

    /// <summary>The first token, for rows that consist of one token so far.</summary>
    public int? ForcedBosTokenId { get => OptionalInt("forced_bos_token_id"); set => this["forced_bos_token_id"] = value; }

    /// <summary>The last token of rows that reach the greatest length; of several that with the lowest id. None where empty.</summary>
    public IReadOnlyList<int> ForcedEosTokenIds
    {
        get => IntOrInts("forced_eos_token_id") ?? [];
        set => this["forced_eos_token_id"] = IntOrList(value);
    }

    /// <summary>Replace scores that are NaN or infinite. Default false.</summary>
    public bool RemoveInvalidValues { get => Bool("remove_invalid_values"); set => this["remove_invalid_values"] = value; }

    /// <summary>From how many new tokens on the end becomes likelier, and by which factor with each of them.</summary>
    public (int Start, double Factor)? ExponentialDecayLengthPenalty
    {
        get => this["exponential_decay_length_penalty"] switch
        {
            null => null,
            IReadOnlyList<object?> and [long start, double factor] => ((int)start, factor),
            IReadOnlyList<object?> and [long start, long factor] => ((int)start, factor),
            _ => throw Wrong("exponential_decay_length_penalty", "a whole number and a factor, as [10, 1.05]"),
        };
        set => this["exponential_decay_length_penalty"] = value is { } pair ? pair : null;
    }

    /// <summary>Tokens that are never generated.</summary>
    public IReadOnlyList<int>? SuppressTokens { get => OptionalInts("suppress_tokens"); set => this["suppress_tokens"] = value; }

    /// <summary>Tokens that are not generated first.</summary>
    public IReadOnlyList<int>? BeginSuppressTokens
    {
        get => OptionalInts("begin_suppress_tokens");
        set => this["begin_suppress_tokens"] = value;
    }

    /// <summary>Tokens that stand at certain positions, which are counted from the row's beginning; a null token lets be.</summary>
    public IReadOnlyList<(int Position, int? Token)>? ForcedDecoderIds
    {
        get => this["forced_decoder_ids"] switch
        {
            null => null,
            IReadOnlyList<object?> { Count: > 0 } pairs when pairs.All(pair => pair is IReadOnlyList<object?> and [long, long or null]) =>
                [.. pairs.Cast<IReadOnlyList<object?>>().Select(pair => ((int)(long)pair[0]!, (int?)(long?)pair[1]))],
            _ => throw Wrong("forced_decoder_ids", "a list of positions and tokens, as [[1, 50], [2, 7]]"),
        };
        set => this["forced_decoder_ids"] = value?.Select(pair => new object?[] { pair.Position, pair.Token });
    }

    /// <summary>How much the prompt counts against a continuation that has only its last token; off where null or 1.</summary>
    public double? GuidanceScale { get => OptionalNumber("guidance_scale"); set => this["guidance_scale"] = value; }

    /// <summary>Contrastive search: try candidates one after the other, which takes less memory. Default false.</summary>
    public bool LowMemory { get => Bool("low_memory"); set => this["low_memory"] = value; }

    /// <summary>How many rows come back for each prompt. Default 1.</summary>
    public int NumReturnSequences { get => OptionalInt("num_return_sequences") ?? 1; set => this["num_return_sequences"] = value; }

    /// <summary>Keep the processed scores of every step. Default false.</summary>
    public bool OutputScores { get => Bool("output_scores"); set => this["output_scores"] = value; }

    /// <summary>Whether <see cref="OutputScores"/> counts. Default false.</summary>
    public bool ReturnDictInGenerate { get => Bool("return_dict_in_generate"); set => this["return_dict_in_generate"] = value; }

    /// <summary>What fills a row up that has ended; the first of <see cref="EosTokenIds"/> where null.</summary>
    public int? PadTokenId { get => OptionalInt("pad_token_id"); set => this["pad_token_id"] = value; }

    /// <summary>The id that begins a text.</summary>
    public int? BosTokenId { get => OptionalInt("bos_token_id"); set => this["bos_token_id"] = value; }

    /// <summary>The ids that end a row; none where empty.</summary>
    public IReadOnlyList<int> EosTokenIds { get => IntOrInts("eos_token_id") ?? []; set => this["eos_token_id"] = IntOrList(value); }

    /// <summary>The id that a decoder with an encoder begins with.</summary>
    public int? DecoderStartTokenId { get => OptionalInt("decoder_start_token_id"); set => this["decoder_start_token_id"] = value; }

    private IReadOnlyList<(int[] Tokens, float Bias)> ReadBias(object pairs)
    {
        List<(int[], float)> read = [];
        foreach (var pair in pairs as IReadOnlyList<object?> ?? [])
        {
            if (pair is not IReadOnlyList<object?> { Count: 2 } two || IntsOf(two[0]) is not { Length: > 0 } tokens
                || tokens.Any(id => id < 0) || two[1] is not double bias)
            {
                read.Clear();
                break;
            }
            read.Add((tokens, (float)bias));
        }
        return read.Count > 0 ? read : throw Wrong(
            "sequence_bias", "a list of at least one pair of token ids and a number with a decimal point, as [[[32], -4.0], [[5, 8], 1.5]]");
    }
}

/// <summary>When beam search ends a row that has as many finished beams as it follows.</summary>
public enum EarlyStopping
{
    /// <summary>When the likeliest beam, divided by its length so far, would not be among the finished ones.</summary>
    False,

    /// <summary>At once.</summary>
    True,

    /// <summary>Not before no beam can be among the finished ones at any length.</summary>
    Never,
}
