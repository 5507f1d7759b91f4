using static NativeTrainer.PlainShape;

namespace NativeTrainer.Cli.Arguments;

/// <summary>
/// Every option of Hugging Face's GenerationConfig as a flag of the same name; those that are given override the configuration.
/// </summary>
internal sealed class GenerationArguments : IArgumentGroup
{
    private static readonly (string Name, PlainShape Shape, string Help)[] Options =
    [
        ("max_length", Whole, "Positions of a row at most, prompt included."),
        ("max_new_tokens", Whole, "New tokens at most; before max_length."),
        ("min_length", Whole, "Positions of a row at least, prompt included."),
        ("min_new_tokens", Whole, "New tokens at least."),
        ("early_stopping", BoolOrWord, "When beam search ends: true, false or never."),
        ("max_time", Real, "Seconds after which no further token is begun."),
        ("do_sample", Bool, "Draw tokens at random instead of taking the likeliest."),
        ("num_beams", Whole, "Continuations that are followed at the same time."),
        ("num_beam_groups", Whole, "Groups of beams that are kept different."),
        ("penalty_alpha", Real, "Contrastive search: how much likeness to what is there counts against a token."),
        ("use_cache", Bool, "Keep keys and values of the past."),
        ("temperature", Real, "What scores are divided by before drawing."),
        ("top_k", Whole, "Draw from this many of the likeliest tokens; 0: from all."),
        ("top_p", Real, "Draw from the likeliest tokens that together have this probability."),
        ("typical_p", Real, "Draw from the least surprising tokens that together have this probability."),
        ("epsilon_cutoff", Real, "Draw from tokens of at least this probability."),
        ("eta_cutoff", Real, "The same, and less where the distribution is flat."),
        ("diversity_penalty", Real, "What a group of beams loses for a token that another has just taken."),
        ("repetition_penalty", Real, "Above 1: tokens that are there already become less likely."),
        ("encoder_repetition_penalty", Real, "Above 1: tokens of the encoder's input, or the prompt, become likelier."),
        ("length_penalty", Real, "Above 0: long beams gain."),
        ("no_repeat_ngram_size", Whole, "No run of this many tokens comes twice."),
        ("bad_words_ids", Json, "Token sequences that are not generated: [[3], [5, 8]]."),
        ("force_words_ids", Json, "Not supported."),
        ("renormalize_logits", Bool, "Normalize scores after everything else."),
        ("constraints", Json, "Not supported."),
        ("forced_bos_token_id", Whole, "The first token behind a prompt of one."),
        ("forced_eos_token_id", Json, "The last token at the greatest length: 0 or [0, 1]."),
        ("remove_invalid_values", Bool, "Replace NaN and infinite scores."),
        ("exponential_decay_length_penalty", Json, "From when on the end becomes likelier, and by which factor: [10, 1.05]."),
        ("suppress_tokens", Json, "Tokens that are never generated: [3, 5]."),
        ("begin_suppress_tokens", Json, "Tokens that are not generated first."),
        ("forced_decoder_ids", Json, "Positions and their tokens: [[1, 50], [2, 7]]."),
        ("sequence_bias", Json, "What is added to the score of the token that completes a sequence: [[[32], -4.0]]."),
        ("guidance_scale", Real, "Above 1: the prompt counts more."),
        ("low_memory", Bool, "Contrastive search: try candidates one after the other."),
        ("num_return_sequences", Whole, "Rows for each prompt."),
        ("output_attentions", Bool, "Not supported."),
        ("output_hidden_states", Bool, "Not supported."),
        ("output_scores", Bool, "Write each new token's score as transition_scores."),
        ("return_dict_in_generate", Bool, "Whether output_scores counts in Hugging Face; here it counts anyway."),
        ("pad_token_id", Whole, "What fills rows up."),
        ("bos_token_id", Whole, "What begins a text."),
        ("eos_token_id", Json, "What ends a row: 0 or [0, 1]."),
        ("encoder_no_repeat_ngram_size", Whole, "No run of this many tokens of the encoder's input, or the prompt, is generated."),
        ("decoder_start_token_id", Whole, "What a decoder begins with."),
        ("num_assistant_tokens", Whole, "Not supported."),
        ("num_assistant_tokens_schedule", BoolOrWord, "Not supported."),
        ("prompt_lookup_num_tokens", Whole, "Not supported."),
        ("generation_kwargs", Json, "Not supported."),
    ];

    private static readonly ArgumentTable<GenerationArguments> Table = MakeTable();

    private readonly Dictionary<string, PlainArgument> _given = [];

    /// <summary>The options that are given, by name.</summary>
    public IReadOnlyDictionary<string, object?> Given => _given.ToDictionary(entry => entry.Key, entry => entry.Value.Value);

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
    }

    private static ArgumentTable<GenerationArguments> MakeTable()
    {
        var table = new ArgumentTable<GenerationArguments>(new());
        foreach (var (name, shape, help) in Options)
        {
            table.Add(name, "generation", a => a._given.TryGetValue(name, out var value) ? value : null, (a, v) => a.Set(name, v), help, shape);
        }
        return table;
    }

    private void Set(string name, PlainArgument? value)
    {
        if (value is { } given) _given[name] = given;
        else _given.Remove(name);
    }
}
