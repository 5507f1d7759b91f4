namespace NativeTrainer.Models;

/// <summary>The processors and warpers that a configuration asks for, in Hugging Face's order, which decides what beats what.</summary>
internal static class LogitsProcessors
{
    /// <summary>What every strategy applies.</summary>
    /// <param name="config">The options.</param>
    /// <param name="context">What the processors need to know of the rows.</param>
    /// <param name="own">The user's; they come behind all others but for the normalization.</param>
    /// <exception cref="ConfigurationException">An option does not hold.</exception>
    public static List<LogitsProcessor> Processors(GenerationConfig config, in ProcessorContext context, IReadOnlyList<LogitsProcessor> own)
    {
        List<LogitsProcessor> list = [];
        var (eos, prompt, inputs) = (config.EosTokenIds, context.PromptLength, context.Inputs);
        if (config.GuidanceScale is { } scale && scale != 1) list.Add(Guidance(scale, context.Model));
        if (config.SequenceBias is { } bias) list.Add(new SequenceBiasProcessor(bias));
        if (config.NumBeamGroups > 1 && config.NumBeams > 1 && config.DiversityPenalty > 0)
        {
            list.Add(new DiversityProcessor(config.DiversityPenalty, config.NumBeams, config.NumBeamGroups));
        }
        if (config.EncoderRepetitionPenalty != 1)
        {
            list.Add(new EncoderRepetitionPenaltyProcessor(Positive(config.EncoderRepetitionPenalty, "encoder_repetition_penalty"), inputs));
        }
        if (config.RepetitionPenalty != 1) list.Add(new RepetitionPenaltyProcessor(Positive(config.RepetitionPenalty, "repetition_penalty")));
        if (config.NoRepeatNGramSize > 0) list.Add(new NoRepeatNGramProcessor(config.NoRepeatNGramSize));
        if (config.EncoderNoRepeatNGramSize > 0)
        {
            list.Add(new EncoderNoRepeatNGramProcessor(config.EncoderNoRepeatNGramSize, inputs, context.Rows));
        }
        if (config.BadWordsIds is { } words)
        {
            if (words.All(word => word.Length == 1 && eos.Contains(word[0])))
            {
                throw Wrong("bad_words_ids", "holds nothing but eos_token_id, expected other tokens");
            }
            list.Add(new NoBadWordsProcessor(words, eos));
        }
        if (config.MinLength > 0 && eos.Count > 0) list.Add(new MinLengthProcessor(config.MinLength, eos));
        if (config.MinNewTokens > 0 && eos.Count > 0) list.Add(new MinNewTokensProcessor(prompt, config.MinNewTokens.Value, eos));
        if (config.ForcedBosTokenId is { } bos) list.Add(new ForcedBosTokenProcessor(bos));
        if (config.ForcedEosTokenIds is { Count: > 0 } ends) list.Add(new ForcedEosTokenProcessor(context.MaxLength, ends));
        if (config.RemoveInvalidValues) list.Add(new RemoveInvalidValuesProcessor());
        if (config.ExponentialDecayLengthPenalty is { } decay)
        {
            if (eos.Count == 0) throw Wrong("exponential_decay_length_penalty", "needs an eos_token_id, which is null");
            list.Add(new ExponentialDecayLengthProcessor(decay.Start, decay.Factor, eos, prompt));
        }
        if (config.SuppressTokens is { } suppressed) list.Add(new SuppressTokensProcessor(suppressed));
        if (config.BeginSuppressTokens is { } first)
        {
            var begin = prompt > 1 || config.ForcedBosTokenId is null ? prompt : prompt + 1;
            list.Add(new SuppressTokensAtBeginProcessor(first, begin + (config.ForcedDecoderIds?[^1].Position ?? 0)));
        }
        if (config.ForcedDecoderIds is { } forced) list.Add(new ForceTokensProcessor(forced));
        foreach (var processor in own)
        {
            if (list.Any(other => other.GetType() == processor.GetType()))
            {
                throw new ArgumentException($"{processor.GetType().Name} is given twice: by an option and as a processor of your own", nameof(own));
            }
        }
        list.AddRange(own);
        if (config.RenormalizeLogits) list.Add(new NormalizationProcessor());
        return list;
    }

    /// <summary>What sampling applies to the scores that <see cref="Processors"/> have made.</summary>
    /// <exception cref="ConfigurationException">An option does not hold.</exception>
    public static List<LogitsProcessor> Warpers(GenerationConfig config)
    {
        List<LogitsProcessor> list = [];
        if (!config.DoSample) return list;
        var keep = config.NumBeams == 1 ? 1 : config["eos_token_id"] is IReadOnlyList<object?> ends ? ends.Count + 1 : 2;
        if (config.Temperature != 1) list.Add(new TemperatureWarper(Positive(config.Temperature, "temperature")));
        if (config.TopK < 0) throw Wrong("top_k", $"is {config.TopK}, expected a whole number from 0 on");
        if (config.TopK != 0) list.Add(new TopKWarper(config.TopK, keep));
        if (!(config.TopP >= 0)) throw Wrong("top_p", $"is {PlainJson.Write(config.TopP)}, expected a number from 0 on");
        if (config.TopP < 1) list.Add(new TopPWarper(config.TopP, keep));
        if (!(config.TypicalP > 0)) throw Wrong("typical_p", $"is {PlainJson.Write(config.TypicalP)}, expected a number above 0");
        if (config.TypicalP < 1) list.Add(new TypicalWarper(config.TypicalP, keep));
        if (config.EpsilonCutoff is > 0 and < 1) list.Add(new EpsilonWarper(config.EpsilonCutoff, keep));
        if (config.EtaCutoff is > 0 and < 1) list.Add(new EtaWarper(config.EtaCutoff, keep));
        if (config.RenormalizeLogits) list.Add(new NormalizationProcessor());
        return list;
    }

    private static GuidanceProcessor Guidance(double scale, object model) => model is ICausalLanguageModel causal
        ? new GuidanceProcessor(causal, scale)
        : throw Wrong("guidance_scale", $"is {PlainJson.Write(scale)}, expected null: a model with an encoder cannot be guided");

    private static double Positive(double value, string option) =>
        value > 0 && double.IsFinite(value) ? value : throw Wrong(option, $"is {PlainJson.Write(value)}, expected a number above 0");

    private static ConfigurationException Wrong(string option, string what) => new(nameof(GenerationConfig), $"{option} {what}");
}

/// <summary>What processors need to know of the rows that are generated.</summary>
/// <param name="Model">The model.</param>
/// <param name="PromptLength">How long rows are before the first new token.</param>
/// <param name="MaxLength">How long they may become.</param>
/// <param name="Inputs">What the encoder reads, or the prompts: an array for each.</param>
/// <param name="Rows">How many rows are processed at a time.</param>
internal readonly record struct ProcessorContext(object Model, int PromptLength, int MaxLength, IReadOnlyList<long[]> Inputs, int Rows);
