using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>
/// Rows for a causal language model (<c>input_ids</c>, <c>attention_mask</c>, <c>labels</c>) from text files, JSON Lines, folders and
/// globs. Text is cut as Hugging Face's run_clm does it: each line (or <c>text</c> of a .jsonl) is tokenized alone; the ids of 1,000 rows
/// are joined and cut into blocks, and what is left over is dropped. A .jsonl with <c>input_ids</c> is taken as it is; without
/// <c>attention_mask</c> nothing is masked, without <c>labels</c> the model learns the ids themselves.
/// </summary>
/// <example><code>
/// var rows = TextDataset.Load("src/**/*.cs", tokenizer, blockSize: 128);
/// </code></example>
public static class TextDataset
{
    private const int RowsInGroup = 1000;

    /// <summary>Reads the rows of a file, a folder or a glob.</summary>
    /// <param name="path">The file, folder or glob.</param>
    /// <param name="tokenizer">Makes tokens of text.</param>
    /// <param name="blockSize">Tokens in a row; see <see cref="BlockSize"/> for the default.</param>
    /// <exception cref="InvalidDataException">A file is missing, empty or broken, or the text does not fill one block.</exception>
    public static IDataset Load(string path, ITokenizer tokenizer, int? blockSize = null) =>
        Load("path", [path], new TextDatasetOptions { Tokenizer = tokenizer, BlockSize = blockSize });

    /// <summary>Reads all rows.</summary>
    /// <param name="argument">The argument that named the files, for messages: <c>train_file</c>.</param>
    /// <param name="patterns">Files, folders, globs; see <see cref="DataFiles.Find"/>.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="InvalidDataException">A file is missing, empty or broken, a row does not fit the model, or the text does not fill
    /// one block.</exception>
    public static IDataset Load(string argument, IReadOnlyList<string> patterns, TextDatasetOptions options) =>
        Load(argument, patterns, options, null).Train;

    /// <summary>Reads rows and sets the first of them apart for validation: <c>validation_split_percentage</c>.</summary>
    /// <param name="argument">The argument that named the files, for messages.</param>
    /// <param name="patterns">Files, folders, globs.</param>
    /// <param name="options">How to read.</param>
    /// <param name="percentage">How many of the rows, before they are joined, from 1 to 99.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load(string, IReadOnlyList{string},
    /// TextDatasetOptions)"/>.</exception>
    public static (IDataset Train, IDataset Validation) LoadSplit(
        string argument, IReadOnlyList<string> patterns, TextDatasetOptions options, int percentage)
    {
        var (train, validation) = Load(argument, patterns, options, percentage);
        return (train, validation!);
    }

    /// <summary>Rows that are read, tokenized and joined while they are asked for: for text larger than memory.</summary>
    /// <param name="argument">The argument that named the files, for messages.</param>
    /// <param name="patterns">Files, folders, globs.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="InvalidDataException">A file is missing, or the first one is broken; what is wrong with later rows is said when
    /// they are read.</exception>
    public static IIterableDataset Stream(string argument, IReadOnlyList<string> patterns, TextDatasetOptions options)
    {
        var files = DataFiles.Find(patterns, argument);
        var rows = DatasetFiles.Stream(
            files, new() { Argument = argument, TextColumns = ["text"], KeepLinebreaks = options.KeepLinebreaks });
        if (rows.Columns.Contains("input_ids")) return TokenizedRows.Stream(rows, options);
        if (!rows.Columns.Contains("text"))
        {
            throw new InvalidDataException(
                $"{rows.Rows().First().Origin} has no input_ids and no text, found {string.Join(", ", rows.Columns)}");
        }
        if (options.Tokenizer is not { } tokenizer)
            throw new InvalidDataException(
                $"{argument}: {files[0]} is text, which needs a tokenizer: set tokenizer_name, or give a .jsonl with input_ids");
        return new TextStream(tokenizer, BlockSize(options.BlockSize, tokenizer.ModelMaxLength, options.MaxPositions), options).Of(rows);
    }

    /// <summary>
    /// run_clm's rule for <c>block_size</c>: as asked for, but no longer than the tokenizer allows; else the tokenizer's longest, or 1,024
    /// and the model's positions where that is less.
    /// </summary>
    /// <param name="asked">What the user said.</param>
    /// <param name="modelMaxLength">The tokenizer's longest input.</param>
    /// <param name="positions">The model's positions.</param>
    /// <exception cref="InvalidArgumentException">The model has fewer positions than asked for.</exception>
    public static int BlockSize(int? asked, int? modelMaxLength, int? positions)
    {
        if (asked is { } size)
        {
            if (size < 1) throw new InvalidArgumentException("block_size", $"is {size}, expected a whole number from 1 up");
            if (size > positions)
                throw new InvalidArgumentException("block_size", $"is {size}, expected at most {positions}, the model's positions (n_positions)");
            return Math.Min(size, modelMaxLength ?? size);
        }
        var longest = modelMaxLength ?? int.MaxValue;
        return longest > (positions ?? 1024) ? Math.Min(1024, positions ?? 1024) : longest;
    }

    private static (IDataset Train, IDataset? Validation) Load(string argument, IReadOnlyList<string> patterns,
        TextDatasetOptions options, int? percentage)
    {
        var files = DataFiles.Find(patterns, argument);
        var tokenized = files.Where(f => !DataFiles.IsText(f) && DatasetFiles.Columns(f).Contains("input_ids")).ToList();
        if (tokenized.Count == 0) return LoadText(argument, files, options, percentage);
        if (files.Except(tokenized).FirstOrDefault() is { } text)
            throw new InvalidDataException($"{argument}: {tokenized[0]} has input_ids and {text} has not, expected files of one kind");
        var rows = TokenizedRows.Read(files, options);
        if (percentage is not { } part) return (rows, null);
        var (validation, train) = rows.Split(part);
        if (validation.Count == 0 || train.Count == 0)
            throw new InvalidDataException(
                $"{argument}: validation_split_percentage {part} cuts {rows.Count} rows into {validation.Count} and {train.Count}");
        return (train, validation);
    }

    private static (IDataset Train, IDataset? Validation) LoadText(string argument, IReadOnlyList<string> files,
        TextDatasetOptions options, int? percentage)
    {
        if (files.FirstOrDefault(f => new FileInfo(f).Length == 0) is { } empty)
            throw new InvalidDataException($"{argument}: {empty} is empty, expected text");
        if (options.Tokenizer is not { } tokenizer)
            throw new InvalidDataException(
                $"{argument}: {files[0]} is text, which needs a tokenizer: set tokenizer_name, or give a .jsonl with input_ids");
        var blockSize = BlockSize(options.BlockSize, tokenizer.ModelMaxLength, options.MaxPositions);
        var rows = Tokenized(files, options, tokenizer);
        var cut = percentage is { } part ? (int)Math.Round(rows.Count * (double)part / 100, MidpointRounding.ToEven) : 0;
        var validation = percentage is null ? null : Rows(0, cut);
        return (Rows(cut, rows.Count), validation);

        IDataset Rows(int first, int end) =>
            options.Packing ? Pack(argument, rows, first, end, blockSize) : Group(argument, rows, first, end, blockSize);
    }

    private static TokenRows Tokenized(IReadOnlyList<string> files, TextDatasetOptions options, ITokenizer tokenizer)
    {
        var rows = new TokenRows(tokenizer, options.VocabSize);
        if (options.Cache is not { } cache || files.Sum(file => new FileInfo(file).Length) < options.SmallestCached)
        {
            foreach (var file in files) rows.Add(file, Texts(file, options));
            return rows;
        }
        var kinds = string.Join(' ', files.Select(FileContent.Kind)); // the same bytes are other rows in another kind of file
        var isMade = false;
        var kept = cache.GetOrAdd(
            DatasetCache.Key(files, $"tokenize\n{DatasetCache.Fingerprint(tokenizer)}\n{options.KeepLinebreaks}\n{kinds}"), () =>
            {
                isMade = true;
                foreach (var file in files) rows.Add(file, Texts(file, options));
                return rows.ToDataset();
            });
        if (!isMade) rows.Add(kept);
        return rows;
    }

    private static FileRows Pack(string argument, TokenRows rows, int first, int end, int blockSize)
    {
        var packed = FileRows.Of(Packed());
        return packed.Count > 0 ? packed : throw new InvalidDataException(
            $"{argument}: {end - first} rows have {rows.Ids(first, end).Length} tokens, too few to learn from");

        IEnumerable<DataRow> Packed()
        {
            var packer = new TextPacker(blockSize);
            for (var row = first; row < end; row++)
            {
                foreach (var full in packer.Add(rows.Ids(row, row + 1).ToArray())) yield return full;
            }
            foreach (var last in packer.Rest()) yield return last;
        }
    }

    private static IEnumerable<string> Texts(string file, TextDatasetOptions options)
    {
        if (DataFiles.IsText(file)) return TextLines.Read(file, options.KeepLinebreaks);
        var first = DatasetFiles.Read(file).First();
        if (!first.Columns.Contains("text"))
            throw new InvalidDataException($"{first.Origin} has no input_ids and no text, found {string.Join(", ", first.Columns)}");
        return DatasetFiles.Read(file, new() { Columns = ["text"], TextColumns = ["text"] }).Select(
            row => row["text"] is { Kind: FeatureKind.Text } text
                ? text.Text
                : throw new InvalidDataException($"{row.Origin} has no text, expected one in each row"));
    }

    private static ColumnDataset Group(string argument, TokenRows rows, int first, int end, int blockSize)
    {
        var length = 0;
        for (var row = first; row < end; row += RowsInGroup) length += Whole(row).Length;
        var tokens = rows.Ids(first, end).Length;
        if (length == 0)
            throw new InvalidDataException(
                $"{argument}: {end - first} rows have {tokens} tokens, too few for one block (block_size {blockSize})");
        var (ids, at) = (new int[length], 0);
        for (var row = first; row < end; row += RowsInGroup)
        {
            Whole(row).CopyTo(ids.AsSpan(at));
            at += Whole(row).Length;
        }
        var blocks = new BlocksColumn(ids, blockSize);
        return new(length / blockSize, ("input_ids", blocks), ("attention_mask", new OnesColumn(blocks, blockSize)), ("labels", blocks));

        ReadOnlySpan<int> Whole(int row)
        {
            var group = rows.Ids(row, Math.Min(row + RowsInGroup, end));
            return group[..(group.Length / blockSize * blockSize)];
        }
    }
}
