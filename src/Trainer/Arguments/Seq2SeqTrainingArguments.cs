using NativeTrainer.Models;
using static NativeTrainer.ArgumentCategory;

namespace NativeTrainer;

/// <summary>The arguments of a Seq2SeqTrainer: <see cref="TrainingArguments"/> and how to generate while evaluating.</summary>
/// <param name="outputDir">Folder that receives checkpoints, the model and the results.</param>
public class Seq2SeqTrainingArguments(string outputDir) : TrainingArguments(outputDir)
{
    private static readonly ArgumentTable<Seq2SeqTrainingArguments> Table = new(new(""), TrainingArgumentsTable.Fields)
    {
        { "sortish_sampler", Generation, a => a.SortishSampler, (a, v) => a.SortishSampler = v,
          "Has no effect, as in 4.37.2; see group_by_length." },
        { "predict_with_generate", Generation, a => a.PredictWithGenerate, (a, v) => a.PredictWithGenerate = v,
          "Evaluate and predict with generated sequences instead of logits." },
        { "generation_max_length", Generation, a => a.GenerationMaxLength, (a, v) => a.GenerationMaxLength = v,
          "Longest sequence that an evaluation generates; unset: the model's max_length." },
        { "generation_num_beams", Generation, a => a.GenerationNumBeams, (a, v) => a.GenerationNumBeams = v,
          "Beams that an evaluation searches with; unset: the model's num_beams." },
        { "generation_config", Generation, a => a.GenerationConfig, (a, v) => a.GenerationConfig = v,
          "Folder or file of the generation settings for evaluation." },
    };

    private static readonly Lazy<IReadOnlyList<ArgumentField>> WithExtra = new(() => ExtraArgumentsTable.After(Table));

    /// <summary>Has no effect, as in 4.37.2, which reads it nowhere: a trainer warns. See <see cref="TrainingArguments.GroupByLength"/>.</summary>
    public bool SortishSampler { get; set; }
    /// <summary>Evaluate and predict with generated sequences instead of logits.</summary>
    public bool PredictWithGenerate { get; set; }
    /// <summary>Longest sequence that an evaluation generates; unset: the model's max_length.</summary>
    public int? GenerationMaxLength { get; set; }
    /// <summary>Beams that an evaluation searches with; unset: the model's num_beams.</summary>
    public int? GenerationNumBeams { get; set; }
    /// <summary>Folder or file of the generation settings for evaluation.</summary>
    public string? GenerationConfig { get; set; }
    /// <summary>The generation settings themselves, instead of <see cref="GenerationConfig"/>; in no file.</summary>
    public GenerationConfig? GenerationSettings { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<ArgumentField> Fields => WithExtra.Value;

    /// <summary>What takes the place of the model's generation configuration, whole; null: nothing does.</summary>
    /// <exception cref="InvalidArgumentException">generation_config is no folder with such a file, and no file.</exception>
    public GenerationConfig? LoadGenerationConfig()
    {
        if (GenerationSettings is { } settings) return settings.Clone();
        if (GenerationConfig is not { } path) return null;
        if (!File.Exists(path) && !File.Exists(Path.Combine(path, Models.GenerationConfig.FileName)))
        {
            throw new InvalidArgumentException(
                "generation_config", $"is \"{path}\", expected a JSON file, or a folder with a {Models.GenerationConfig.FileName}");
        }
        return Models.GenerationConfig.FromPretrained(path);
    }
}
