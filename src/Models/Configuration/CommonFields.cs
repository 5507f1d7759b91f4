namespace NativeTrainer.Models;

/// <summary>
/// The fields that every Hugging Face configuration has (<c>PretrainedConfig</c> of Transformers 4.37.2), with their defaults.
/// </summary>
internal static class CommonFields
{
    /// <summary>What generation reads where there is no <c>generation_config.json</c>.</summary>
    public static readonly ConfigField[] Generation =
    [
        new("max_length", 20L, FieldUse.Kept),
        new("min_length", 0L, FieldUse.Kept),
        new("do_sample", false, FieldUse.Kept),
        new("early_stopping", false, FieldUse.Kept),
        new("num_beams", 1L, FieldUse.Kept),
        new("num_beam_groups", 1L, FieldUse.Kept),
        new("diversity_penalty", 0.0, FieldUse.Kept),
        new("temperature", 1.0, FieldUse.Kept),
        new("top_k", 50L, FieldUse.Kept),
        new("top_p", 1.0, FieldUse.Kept),
        new("typical_p", 1.0, FieldUse.Kept),
        new("repetition_penalty", 1.0, FieldUse.Kept),
        new("length_penalty", 1.0, FieldUse.Kept),
        new("no_repeat_ngram_size", 0L, FieldUse.Kept),
        new("encoder_no_repeat_ngram_size", 0L, FieldUse.Kept),
        new("bad_words_ids", null, FieldUse.Kept),
        new("num_return_sequences", 1L, FieldUse.Kept),
        new("output_scores", false, FieldUse.Kept),
        new("return_dict_in_generate", false, FieldUse.Kept),
        new("forced_bos_token_id", null, FieldUse.Kept),
        new("forced_eos_token_id", null, FieldUse.Kept),
        new("remove_invalid_values", false, FieldUse.Kept),
        new("exponential_decay_length_penalty", null, FieldUse.Kept),
        new("suppress_tokens", null, FieldUse.Kept),
        new("begin_suppress_tokens", null, FieldUse.Kept),
    ];

    /// <summary>All of them.</summary>
    public static readonly ConfigField[] All =
    [
        .. Generation,
        new("output_hidden_states", false),
        new("output_attentions", false),
        new("tie_word_embeddings", true),
        new("bos_token_id", null),
        new("eos_token_id", null),
        new("pad_token_id", null),
        new("torch_dtype", null, FieldUse.Kept),
        new("architectures", null, FieldUse.Kept),
        new("return_dict", true, FieldUse.Kept),
        new("use_bfloat16", false, FieldUse.Kept),
        new("tf_legacy_loss", false, FieldUse.Kept),
        new("chunk_size_feed_forward", 0L, FieldUse.Kept),
        new("cross_attention_hidden_size", null, FieldUse.Kept),
        new("finetuning_task", null, FieldUse.Kept),
        new("id2label", DefaultLabels(2), FieldUse.Kept),
        new("label2id", DefaultLabelIds(2), FieldUse.Kept),
        new("problem_type", null, FieldUse.Kept),
        new("tokenizer_class", null, FieldUse.Kept),
        new("prefix", null, FieldUse.Kept),
        new("sep_token_id", null, FieldUse.Kept),
        new("decoder_start_token_id", null, FieldUse.Kept),
        new("task_specific_params", null, FieldUse.Kept),
        new("_name_or_path", "", FieldUse.Kept),
        new("is_decoder", false, FieldUse.DefaultOnly),
        new("is_encoder_decoder", false, FieldUse.DefaultOnly),
        new("add_cross_attention", false, FieldUse.DefaultOnly),
        new("tie_encoder_decoder", false, FieldUse.DefaultOnly),
        new("torchscript", false, FieldUse.DefaultOnly),
        new("pruned_heads", new Dictionary<string, object?>(), FieldUse.DefaultOnly),

        // Fields of other versions.
        new("_num_labels", null, FieldUse.Kept, IsOptional: true),
        new("output_past", null, FieldUse.Kept, IsOptional: true),
        new("gradient_checkpointing", false, FieldUse.DefaultOnly, IsOptional: true),
        new("quantization_config", null, FieldUse.DefaultOnly, IsOptional: true),
        new("auto_map", null, FieldUse.DefaultOnly, IsOptional: true),
    ];

    /// <summary>Names of classes as Hugging Face makes them up: LABEL_0, LABEL_1, …</summary>
    public static Dictionary<string, object?> DefaultLabels(int count) =>
        Enumerable.Range(0, count).ToDictionary(id => PythonText.Whole(id), id => (object?)$"LABEL_{PythonText.Whole(id)}");

    /// <summary>Their numbers.</summary>
    public static Dictionary<string, object?> DefaultLabelIds(int count) =>
        Enumerable.Range(0, count).ToDictionary(id => $"LABEL_{PythonText.Whole(id)}", id => (object?)(long)id);
}
