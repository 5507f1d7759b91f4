using NativeTrainer.Cli.Arguments;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tasks;

/// <summary>What every task is made from.</summary>
/// <param name="Model">Which model.</param>
/// <param name="Data">Which files.</param>
/// <param name="Task">Which columns, lengths and metrics.</param>
/// <param name="Training">How to train.</param>
/// <param name="Config">The model's configuration, before the model is made.</param>
/// <param name="Tokenizer">Makes tokens of text; null where there is none.</param>
internal sealed record TaskContext(
    ModelArguments Model, DataArguments Data, TaskArguments Task, Seq2SeqTrainingArguments Training, PretrainedConfig Config,
    ITokenizer? Tokenizer)
{
    /// <summary>The tokenizer, for files of text.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    /// <exception cref="InvalidArgumentException">It has more tokens than the model has embeddings.</exception>
    public ITokenizer TokenizerFor(string argument, string file)
    {
        if (Tokenizer is not { } tokenizer)
        {
            throw new InvalidDataException(
                $"{argument}: {file} is text, which needs a tokenizer: set tokenizer_name, or give a .jsonl with input_ids");
        }
        if (tokenizer.Length > Config.VocabSize)
        {
            throw new InvalidArgumentException(
                "tokenizer_name", $"is a tokenizer of {tokenizer.Length} tokens, expected at most the model's vocab_size {Config.VocabSize}");
        }
        return tokenizer;
    }

    /// <summary>The task of a name.</summary>
    public ITask CreateTask() => Model.Task switch
    {
        AutoModel.CausalLanguageModel => new CausalLanguageModelTask(this),
        AutoModel.MaskedLanguageModel => new MaskedLanguageModelTask(this),
        AutoModel.SequenceClassification => new SequenceClassificationTask(this),
        AutoModel.TokenClassification => new TokenClassificationTask(this),
        AutoModel.QuestionAnswering => new QuestionAnsweringTask(this),
        AutoModel.Seq2Seq => new Seq2SeqTask(this),
        var other => throw new InvalidArgumentException("task", $"is \"{other}\", expected one of {string.Join(", ", Names)}"),
    };

    /// <summary>The tasks.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        AutoModel.CausalLanguageModel, AutoModel.MaskedLanguageModel, AutoModel.SequenceClassification, AutoModel.TokenClassification,
        AutoModel.QuestionAnswering, AutoModel.Seq2Seq,
    ];
}
