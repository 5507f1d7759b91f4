using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

// The fields with Hugging Face's defaults; reading and writing.
public sealed partial class GenerationConfig
{
    /// <summary>The name of the file in a model's folder.</summary>
    public const string FileName = "generation_config.json";

    private string? _original;

    private static readonly Dictionary<string, object?> Defaults = new()
    {
        ["max_length"] = 20L,
        ["max_new_tokens"] = null,
        ["min_length"] = 0L,
        ["min_new_tokens"] = null,
        ["early_stopping"] = false,
        ["max_time"] = null,
        ["do_sample"] = false,
        ["num_beams"] = 1L,
        ["num_beam_groups"] = 1L,
        ["penalty_alpha"] = null,
        ["use_cache"] = true,
        ["temperature"] = 1.0,
        ["top_k"] = 50L,
        ["top_p"] = 1.0,
        ["typical_p"] = 1.0,
        ["epsilon_cutoff"] = 0.0,
        ["eta_cutoff"] = 0.0,
        ["diversity_penalty"] = 0.0,
        ["repetition_penalty"] = 1.0,
        ["encoder_repetition_penalty"] = 1.0,
        ["length_penalty"] = 1.0,
        ["no_repeat_ngram_size"] = 0L,
        ["bad_words_ids"] = null,
        ["force_words_ids"] = null,
        ["renormalize_logits"] = false,
        ["constraints"] = null,
        ["forced_bos_token_id"] = null,
        ["forced_eos_token_id"] = null,
        ["remove_invalid_values"] = false,
        ["exponential_decay_length_penalty"] = null,
        ["suppress_tokens"] = null,
        ["begin_suppress_tokens"] = null,
        ["forced_decoder_ids"] = null,
        ["sequence_bias"] = null,
        ["guidance_scale"] = null,
        ["low_memory"] = null,
        ["num_return_sequences"] = 1L,
        ["output_attentions"] = false,
        ["output_hidden_states"] = false,
        ["output_scores"] = false,
        ["return_dict_in_generate"] = false,
        ["pad_token_id"] = null,
        ["bos_token_id"] = null,
        ["eos_token_id"] = null,
        ["encoder_no_repeat_ngram_size"] = 0L,
        ["decoder_start_token_id"] = null,
        ["num_assistant_tokens"] = 5L,
        ["num_assistant_tokens_schedule"] = "heuristic",
        ["prompt_lookup_num_tokens"] = null,
        ["generation_kwargs"] = new Dictionary<string, object?>(),
        ["_from_model_config"] = false,
    };

    /// <summary>What a model's <c>config.json</c> says of generation, for a folder that has no file of its own for it.</summary>
    public static GenerationConfig FromModelConfig(PretrainedConfig model)
    {
        var origin = model.NameOrPath.Length > 0 ? model.NameOrPath : model.ModelType;
        var config = new GenerationConfig { IsFromModelConfig = true, _origin = origin };
        foreach (var (name, value) in model.ToDictionary())
        {
            if (Defaults.ContainsKey(name)) config._values[name] = value;
        }
        config._original = config.ToJsonString();
        return config;
    }

    /// <summary>
    /// A model's own options; those of its <c>config.json</c>, which then replace them, where these were changed after loading and the others
    /// were not.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="warn">Is told of a replacement.</param>
    public static GenerationConfig Of(PreTrainedModel model, Action<string>? warn = null)
    {
        if (model.GenerationConfig is not { IsFromModelConfig: true, IsUntouched: true } own)
        {
            return model.GenerationConfig ?? new GenerationConfig();
        }
        if (CommonFields.Generation.All(field => PythonValue.AreEqual(model.Config[field.Name], field.Default))) return own;
        var made = FromModelConfig(model.Config);
        if (made.ToJsonString() == own.ToJsonString()) return own;
        warn?.Invoke("the model's configuration holds options of generation that were changed; set them in generation_config instead");
        return model.GenerationConfig = made;
    }

    /// <summary>Reads <c>generation_config.json</c> of a folder, or such a file.</summary>
    /// <exception cref="ConfigurationException">There is no such file, or it holds no JSON object.</exception>
    public static GenerationConfig FromPretrained(string path)
    {
        if (Directory.Exists(path)) path = Path.Combine(path, FileName);
        var config = new GenerationConfig { _origin = path };
        foreach (var (name, value) in PlainJson.ReadFile(path))
        {
            if (name != "transformers_version") config._values[name] = value; // fields of other programs are kept
        }
        config._original = config.ToJsonString();
        return config;
    }

    /// <summary>Writes <c>generation_config.json</c> into a folder.</summary>
    /// <exception cref="ConfigurationException">An option contradicts another or has no effect: Hugging Face writes no such file.</exception>
    public void Save(string folder)
    {
        CheckRules();
        if (Warnings().FirstOrDefault(warning => !warning.StartsWith("num_beams", StringComparison.Ordinal)) is { } warning)
        {
            throw new ConfigurationException(_origin, $"{warning}; mend this before {FileName} is written");
        }
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), ToJsonString());
    }

    /// <summary>Whether it is what a file or a model's <c>config.json</c> held.</summary>
    internal bool IsUntouched => _original == ToJsonString();

    /// <summary>The text of the file: what is not at its default, as Hugging Face writes it.</summary>
    public string ToJsonString()
    {
        var written = _values.Where(entry => !Defaults.ContainsKey(entry.Key) || !IsAtDefault(entry.Key)).ToDictionary();
        written["transformers_version"] = PretrainedConfig.TransformersVersion;
        return PlainJson.Write(written, indented: true) + "\n";
    }
}
