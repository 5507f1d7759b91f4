using NativeTrainer.Data;
using NativeTrainer.Evaluation;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tasks;

/// <summary>Questions and texts as inputs: a long text becomes several rows, which overlap by <c>doc_stride</c> tokens.</summary>
internal sealed class QuestionRows
{
    private const int DefaultLength = 384, DefaultStride = 128;

    private QuestionRows(
        IDataset rows, IReadOnlyList<string> texts, IReadOnlyList<AnswerFeature> features, IReadOnlyList<IReadOnlyList<string>> answers) =>
        (Rows, Texts, Features, Answers) = (rows, texts, features, answers);

    /// <summary>The inputs.</summary>
    public IDataset Rows { get; }

    /// <summary>The text of each question.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Where the tokens of each row stand in the text.</summary>
    public IReadOnlyList<AnswerFeature> Features { get; }

    /// <summary>The right answers of each question.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Answers { get; }

    /// <summary>Makes the rows of some files.</summary>
    public static QuestionRows Read(TaskContext context, TaskFile file, Split split)
    {
        var (task, tokenizer) = (context.Task, context.TokenizerFor(file.Argument, file.FirstFile));
        var question = file.Column("question_column_name", task.QuestionColumnName, "question");
        var text = file.Column("context_column_name", task.ContextColumnName, "context");
        var answers = AnswerColumns.Find(file, task.AnswerColumnName ?? "answers", isNeeded: split != Split.Test);
        var readsQuestionFirst = tokenizer.PaddingSide == "right";
        var longest = TokenInputs.MaxLength(
            "max_seq_length", task.MaxSeqLength ?? Math.Min(DefaultLength, context.Config.MaxPositions ?? DefaultLength), tokenizer,
            context.Config);
        var stride = task.DocStride ?? Math.Min(DefaultStride, (longest ?? DefaultLength) / 3);
        if (stride >= longest)
            throw new InvalidArgumentException("doc_stride", $"is {task.DocStride}, expected less than max_seq_length {longest}");

        var (builder, texts, features, right) =
            (new RowBuilder(), new List<string>(), new List<AnswerFeature>(), new List<IReadOnlyList<string>>());
        var options = new EncodingOptions
        {
            Truncation = readsQuestionFirst ? TruncationStrategy.OnlySecond : TruncationStrategy.OnlyFirst,
            MaxLength = longest,
            Stride = stride,
            ReturnOverflowingTokens = true,
        };
        for (var row = 0; row < file.Rows.Count; row++)
        {
            var (asked, given) = (file.Text(row, question).TrimStart(), file.Text(row, text));
            var answer = answers?.Read(row, given, task.Version2WithNegative);
            foreach (var part in Encode(tokenizer, file, row, readsQuestionFirst ? (asked, given) : (given, asked), options).Encodings)
            {
                TokenInputs.Add(builder, part, context.Config);
                var offsets = Offsets(part, readsQuestionFirst ? 1 : 0);
                if (answer is { } found)
                {
                    var (start, end) = Place(offsets, found, NoAnswer(part, tokenizer));
                    builder.Add("start_positions", start, isWhole: true);
                    builder.Add("end_positions", end, isWhole: true);
                }
                features.Add(new(row, offsets));
                builder.EndRow();
            }
            texts.Add(given);
            right.Add(answer?.Texts ?? []);
        }
        return new(builder.Build(), texts, features, right);
    }

    private static BatchEncoding Encode(
        ITokenizer tokenizer, TaskFile file, int row, (string First, string Second) pair, EncodingOptions options)
    {
        try
        {
            return tokenizer.EncodeBatch([pair], options);
        }
        catch (ArgumentException wrong) when (wrong is not InvalidArgumentException)
        {
            throw file.Wrong(row, $"cannot be cut to max_seq_length {options.MaxLength} with doc_stride {options.Stride}: {wrong.Message}");
        }
    }

    private static (int Start, int End)?[] Offsets(TextEncoding part, int textIs)
    {
        var (ids, offsets) = (part.SequenceIds, new (int Start, int End)?[part.Length]);
        for (var i = 0; i < offsets.Length; i++)
        {
            if (ids[i] == textIs) offsets[i] = part.Offsets[i];
        }
        return offsets;
    }

    // The token that stands for a text without an answer: [CLS], mostly the first.
    private static int NoAnswer(TextEncoding part, ITokenizer tokenizer)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (part.Ids[i] == tokenizer.SpecialTokens.Cls?.Id) return i;
        }
        return 0;
    }

    // The first and the last token of the first answer; the token of no answer where it is not all in this part.
    private static (int Start, int End) Place((int Start, int End)?[] offsets, RightAnswers answer, int none)
    {
        var (first, last) = (Array.FindIndex(offsets, o => o is not null), Array.FindLastIndex(offsets, o => o is not null));
        if (answer.Texts.Count == 0 || first < 0) return (none, none);
        if (offsets[first]!.Value.Start > answer.Start || offsets[last]!.Value.End < answer.End) return (none, none);
        var (start, end) = (first, last);
        while (start + 1 <= last && offsets[start + 1]!.Value.Start <= answer.Start) start++;
        while (end - 1 >= first && offsets[end - 1]!.Value.End >= answer.End) end--;
        return (start, end);
    }
}
