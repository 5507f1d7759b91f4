using static NativeTrainer.ArgumentCategory;

namespace NativeTrainer;

/// <summary>The arguments of a Seq2SeqTrainer: <see cref="TrainingArguments"/> and how to generate while evaluating.</summary>
/// <param name="outputDir">Folder that receives checkpoints, the model and the results.</param>
public class Seq2SeqTrainingArguments(string outputDir) : TrainingArguments(outputDir)
{
    private static readonly ArgumentTable<Seq2SeqTrainingArguments> Table = new(new(""), TrainingArgumentsTable.Fields)
    {
        { "sortish_sampler", Generation, a => a.SortishSampler, (a, v) => a.SortishSampler = v,
          "Sort rows roughly by length; 4.37.2 never reads it." },
        { "predict_with_generate", Generation, a => a.PredictWithGenerate, (a, v) => a.PredictWithGenerate = v,
          "Evaluate and predict with generated sequences instead of logits." },
        { "generation_max_length", Generation, a => a.GenerationMaxLength, (a, v) => a.GenerationMaxLength = v,
          "Longest sequence that an evaluation generates; unset: the model's max_length." },
        { "generation_num_beams", Generation, a => a.GenerationNumBeams, (a, v) => a.GenerationNumBeams = v,
          "Beams that an evaluation searches with; unset: the model's num_beams." },
        { "generation_config", Generation, a => a.GenerationConfig, (a, v) => a.GenerationConfig = v,
          "Folder or file of the generation settings for evaluation." },
    };

    /// <summary>Sort rows roughly by length; 4.37.2 never reads it.</summary>
    public bool SortishSampler { get; set; }
    /// <summary>Evaluate and predict with generated sequences instead of logits.</summary>
    public bool PredictWithGenerate { get; set; }
    /// <summary>Longest sequence that an evaluation generates; unset: the model's max_length.</summary>
    public int? GenerationMaxLength { get; set; }
    /// <summary>Beams that an evaluation searches with; unset: the model's num_beams.</summary>
    public int? GenerationNumBeams { get; set; }
    /// <summary>Folder or file of the generation settings for evaluation.</summary>
    public string? GenerationConfig { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<ArgumentField> Fields => Table;
}
