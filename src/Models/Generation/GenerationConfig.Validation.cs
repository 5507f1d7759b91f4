namespace NativeTrainer.Models;

// What goes together and what does not: the rules of Hugging Face's GenerationConfig.validate.
public sealed partial class GenerationConfig
{
    private static readonly string[] SamplingOptions = ["temperature", "top_p", "typical_p", "top_k", "epsilon_cutoff", "eta_cutoff"];

    private static readonly string[] BeamOptions =
        ["early_stopping", "num_beam_groups", "diversity_penalty", "length_penalty", "constraints"];

    // They are given to a call of generate() and belong in no file.
    private static readonly string[] CallArguments =
    [
        "logits_processor", "stopping_criteria", "prefix_allowed_tokens_fn", "synced_gpus", "assistant_model", "streamer",
        "negative_prompt_ids", "negative_prompt_attention_mask",
    ];

    private static readonly Dictionary<string, string> NotSupported = new()
    {
        ["constraints"] = "null: constrained beam search is not supported; use bad_words_ids, sequence_bias or forced_decoder_ids",
        ["force_words_ids"] = "null: constrained beam search is not supported; use bad_words_ids, sequence_bias or forced_decoder_ids",
        ["prompt_lookup_num_tokens"] = "null: assisted generation is not supported; leave it out for the same tokens",
        ["num_assistant_tokens"] = "5: there is no assistant model; leave it out",
        ["num_assistant_tokens_schedule"] = "\"heuristic\": there is no assistant model; leave it out",
        ["generation_kwargs"] = "{}: arguments of the model are not taken from here",
    };

    /// <summary>What the options together ask for.</summary>
    public GenerationMode Mode => (NumBeams, DoSample) switch
    {
        (1, false) => TopK > 1 && PenaltyAlpha > 0 ? GenerationMode.ContrastiveSearch : GenerationMode.GreedySearch,
        (1, true) => GenerationMode.Sample,
        _ when NumBeamGroups > 1 => GenerationMode.GroupBeamSearch,
        (_, true) => GenerationMode.BeamSample,
        _ => GenerationMode.BeamSearch,
    };

    /// <summary>Checks types and ranges, refuses options that contradict each other, and what is not supported.</summary>
    /// <exception cref="ConfigurationException">The first field that does not hold.</exception>
    public void Validate()
    {
        CheckRules();
        foreach (var (name, expected) in NotSupported)
        {
            if (!IsAtDefault(name)) throw Wrong(name, expected);
        }
        foreach (var name in new[] { "output_attentions", "output_hidden_states" })
        {
            if (Bool(name) && ReturnDictInGenerate) throw Wrong(name, "false: generation returns scores; call Forward for this");
        }
        _ = (MaxLength, MinLength, MinNewTokens, MaxTime, UseCache, PadTokenId, BosTokenId, EosTokenIds, DecoderStartTokenId, OutputScores);
        if (MaxNewTokens is null && MaxLength is null) throw Wrong("max_length", "a whole number, or max_new_tokens");
        if (MaxNewTokens < 1) throw Wrong("max_new_tokens", "a whole number from 1 on");
        if (NumReturnSequences < 1) throw Wrong("num_return_sequences", "a whole number from 1 on");
        _ = LogitsProcessors.Warpers(this); // which checks the options of sampling
        if (Mode == GenerationMode.ContrastiveSearch && !UseCache)
        {
            throw Wrong("use_cache", "true, since penalty_alpha asks for contrastive search");
        }
    }

    /// <summary>What is set and has no effect, as sentences.</summary>
    public IEnumerable<string> Warnings()
    {
        if (!DoSample)
        {
            foreach (var name in SamplingOptions)
            {
                if (IsNeutral(name) || (name == "top_k" && this["penalty_alpha"] is not null)) continue;
                yield return $"{name} is {PlainJson.Write(this[name])} and has no effect, since do_sample is false";
            }
        }
        if (this["num_beams"] is null) yield return "num_beams is null, which is taken for 1";
        if (NumBeams != 1) yield break;
        foreach (var name in BeamOptions)
        {
            if (IsNeutral(name)) continue;
            yield return $"{name} is {PlainJson.Write(this[name])} and has no effect, since num_beams is 1";
        }
    }

    // Null is compared with the default in Hugging Face too, except where it says that the option is off.
    private bool IsNeutral(string name) =>
        IsAtDefault(name) || (this[name] is null && SamplingOptions.Contains(name))
        || (name == "early_stopping" && EarlyStopping == EarlyStopping.False);

    private void CheckRules()
    {
        if (CallArguments.FirstOrDefault(_values.ContainsKey) is { } argument)
        {
            throw Wrong(argument, "it to be given to the call of Generate, not in a configuration");
        }
        _ = EarlyStopping;
        if (NumBeams < 1) throw Wrong("num_beams", "a whole number from 1 on");
        if (NumBeams == 1)
        {
            if (!DoSample && NumReturnSequences != 1)
            {
                throw Wrong("num_return_sequences", "1, since greedy search finds one row; set num_beams or do_sample");
            }
            return;
        }
        if (NumBeamGroups < 1) throw Wrong("num_beam_groups", "a whole number from 1 on");
        if (this["constraints"] is not null && DoSample) throw Wrong("do_sample", "false, since constraints is set");
        if (this["constraints"] is not null && NumBeamGroups != 1) throw Wrong("num_beam_groups", "1, since constraints is set");
        if (OptionalNumber("diversity_penalty") is not (null or 0) || NumBeamGroups != 1)
        {
            if (DoSample) throw Wrong("do_sample", "false, since groups of beams (num_beam_groups, diversity_penalty) are not sampled");
            if (NumBeams % NumBeamGroups != 0) throw Wrong("num_beam_groups", $"a divisor of num_beams, which is {NumBeams}");
            if (OptionalNumber("diversity_penalty") is null or 0)
            {
                throw Wrong("diversity_penalty", "more than 0.0, since num_beam_groups is not 1");
            }
            if (NumBeamGroups == 1) throw Wrong("num_beam_groups", "2 or more, since diversity_penalty is set");
            if (!(DiversityPenalty > 0)) throw Wrong("diversity_penalty", "more than 0.0");
        }
        if (NumReturnSequences > NumBeams) throw Wrong("num_return_sequences", $"at most num_beams, which is {NumBeams}");
    }
}
