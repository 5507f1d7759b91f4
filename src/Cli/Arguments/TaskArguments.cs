using NativeTrainer.Models;

namespace NativeTrainer.Cli.Arguments;

/// <summary>Which columns a task reads, how it cuts texts and what it measures: the names of Hugging Face's run_glue, run_ner, run_qa,
/// run_mlm and run_summarization.</summary>
internal sealed class TaskArguments : IArgumentGroup
{
    private const string Category = "task";
    private const string Masked = AutoModel.MaskedLanguageModel, Classes = AutoModel.SequenceClassification;
    private const string Tokens = AutoModel.TokenClassification, Answers = AutoModel.QuestionAnswering, Pairs = AutoModel.Seq2Seq;

    private static readonly ArgumentTable<TaskArguments> Table = new(new())
    {
        { "text_column_name", Category, a => a.TextColumnName, (a, v) => a.TextColumnName = v,
          "Classification: column with the text; unset: text, sentence, sentence1 or premise. Token classification: column with the "
          + "words; unset: tokens or words." },
        { "text_pair_column_name", Category, a => a.TextPairColumnName, (a, v) => a.TextPairColumnName = v,
          "Classification: column with a second text; unset: text_pair, sentence2 or hypothesis, if there is one." },
        { "label_column_name", Category, a => a.LabelColumnName, (a, v) => a.LabelColumnName = v,
          "Classification: column with the label; unset: label or labels. Token classification: unset: labels, ner_tags or tags." },
        { "max_seq_length", Category, a => a.MaxSeqLength, (a, v) => a.MaxSeqLength = v,
          "Tokens of a row at most; unset: 128 for classification, 384 for question answering, else the tokenizer's longest input." },
        { "metric", Category, a => a.Metric, (a, v) => a.Metric = v,
          "What an evaluation measures beside the loss; unset: what is usual for the task." },
        { "mlm_probability", Category, a => a.MlmProbability, (a, v) => a.MlmProbability = v,
          "Masked language modelling: share of the tokens that are to be found." },
        { "line_by_line", Category, a => a.LineByLine, (a, v) => a.LineByLine = v,
          "Masked language modelling: each line is a row, instead of joined text that is cut into blocks." },
        { "label_all_tokens", Category, a => a.LabelAllTokens, (a, v) => a.LabelAllTokens = v,
          "Token classification: all tokens of a word have its label, instead of the first alone." },
        { "question_column_name", Category, a => a.QuestionColumnName, (a, v) => a.QuestionColumnName = v,
          "Question answering: column with the question." },
        { "context_column_name", Category, a => a.ContextColumnName, (a, v) => a.ContextColumnName = v,
          "Question answering: column with the text that has the answer." },
        { "answer_column_name", Category, a => a.AnswerColumnName, (a, v) => a.AnswerColumnName = v,
          "Question answering: column with the answers, an object with lists text and answer_start." },
        { "doc_stride", Category, a => a.DocStride, (a, v) => a.DocStride = v,
          "Question answering: tokens that the parts of a long text have in common; unset: 128, or a third of max_seq_length if that is less." },
        { "n_best_size", Category, a => a.NBestSize, (a, v) => a.NBestSize = v,
          "Question answering: how many of the likeliest beginnings and ends are looked at." },
        { "max_answer_length", Category, a => a.MaxAnswerLength, (a, v) => a.MaxAnswerLength = v,
          "Question answering: tokens of an answer at most." },
        { "version_2_with_negative", Category, a => a.Version2WithNegative, (a, v) => a.Version2WithNegative = v,
          "Question answering: some questions have no answer." },
        { "null_score_diff_threshold", Category, a => a.NullScoreDiffThreshold, (a, v) => a.NullScoreDiffThreshold = v,
          "Question answering: how much better no answer must be than the best one to be given." },
        { "text_column", Category, a => a.TextColumn, (a, v) => a.TextColumn = v,
          "Sequence to sequence: column with the text that is read; unset: source, text, article, document or dialogue." },
        { "summary_column", Category, a => a.SummaryColumn, (a, v) => a.SummaryColumn = v,
          "Sequence to sequence: column with the text that is written; unset: target, summary or highlights." },
        { "source_prefix", Category, a => a.SourcePrefix, (a, v) => a.SourcePrefix = v,
          "Sequence to sequence: put in front of each text that is read (T5: \"summarize: \")." },
        { "max_source_length", Category, a => a.MaxSourceLength, (a, v) => a.MaxSourceLength = v,
          "Sequence to sequence: tokens of the text that is read at most; unset: 1024." },
        { "max_target_length", Category, a => a.MaxTargetLength, (a, v) => a.MaxTargetLength = v,
          "Sequence to sequence: tokens of the text that is written at most; unset: 128." },
        { "val_max_target_length", Category, a => a.ValMaxTargetLength, (a, v) => a.ValMaxTargetLength = v,
          "Sequence to sequence: the same in evaluation and prediction; unset: max_target_length." },
    };

    private static readonly IReadOnlyDictionary<string, string[]> Owners = new Dictionary<string, string[]>
    {
        ["text_column_name"] = [Classes, Tokens],
        ["text_pair_column_name"] = [Classes],
        ["label_column_name"] = [Classes, Tokens],
        ["max_seq_length"] = [Masked, Classes, Tokens, Answers],
        ["mlm_probability"] = [Masked],
        ["line_by_line"] = [Masked],
        ["label_all_tokens"] = [Tokens],
        ["question_column_name"] = [Answers],
        ["context_column_name"] = [Answers],
        ["answer_column_name"] = [Answers],
        ["doc_stride"] = [Answers],
        ["n_best_size"] = [Answers],
        ["max_answer_length"] = [Answers],
        ["version_2_with_negative"] = [Answers],
        ["null_score_diff_threshold"] = [Answers],
        ["text_column"] = [Pairs],
        ["summary_column"] = [Pairs],
        ["source_prefix"] = [Pairs],
        ["max_source_length"] = [Pairs],
        ["max_target_length"] = [Pairs],
        ["val_max_target_length"] = [Pairs],
    };

    public string? TextColumnName { get; set; }

    public string? TextPairColumnName { get; set; }

    public string? LabelColumnName { get; set; }

    public int? MaxSeqLength { get; set; }

    public IReadOnlyList<string>? Metric { get; set; }

    public Number MlmProbability { get; set; } = 0.15;

    public bool LineByLine { get; set; }

    public bool LabelAllTokens { get; set; }

    public string? QuestionColumnName { get; set; }

    public string? ContextColumnName { get; set; }

    public string? AnswerColumnName { get; set; }

    public int? DocStride { get; set; }

    public int NBestSize { get; set; } = 20;

    public int MaxAnswerLength { get; set; } = 30;

    public bool Version2WithNegative { get; set; }

    public Number NullScoreDiffThreshold { get; set; } = 0.0;

    public string? TextColumn { get; set; }

    public string? SummaryColumn { get; set; }

    public string? SourcePrefix { get; set; }

    public int? MaxSourceLength { get; set; }

    public int? MaxTargetLength { get; set; }

    public int? ValMaxTargetLength { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        foreach (var (name, count) in new[]
        {
            ("max_seq_length", MaxSeqLength), ("n_best_size", NBestSize), ("max_answer_length", MaxAnswerLength),
            ("max_source_length", MaxSourceLength), ("max_target_length", MaxTargetLength),
            ("val_max_target_length", ValMaxTargetLength),
        })
        {
            if (count < 1) throw new InvalidArgumentException(name, $"is {count}, expected a whole number from 1 up");
        }
        if (DocStride < 0) throw new InvalidArgumentException("doc_stride", $"is {DocStride}, expected a whole number from 0 up");
        if (!(MlmProbability > 0 && MlmProbability <= 1))
            throw new InvalidArgumentException("mlm_probability", $"is {MlmProbability}, expected a number above 0 and up to 1");
    }

    /// <summary>Refuses what is set and another task's.</summary>
    public void CheckTask(string task)
    {
        foreach (var (name, tasks) in Owners)
        {
            if (!tasks.Contains(task)) Refusal.IfSet(this, name, $"task {task} has none, it belongs to {string.Join(" and ", tasks)}");
        }
    }
}
