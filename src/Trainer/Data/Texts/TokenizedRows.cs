namespace NativeTrainer.Data;

/// <summary>Reads files whose rows hold token ids, and checks that every row fits the model.</summary>
internal static class TokenizedRows
{
    private static readonly string[] Columns = ["input_ids", "attention_mask", "token_type_ids", "labels"];

    private const int Ignored = -100; // the label of a token that counts for no loss

    /// <exception cref="InvalidDataException">A row is broken or does not fit the model.</exception>
    public static IDataset Read(IReadOnlyList<string> files, TextDatasetOptions options)
    {
        var rows = FileRows.Of(files.SelectMany(file => DatasetFiles.Read(file)).Select(Known));
        var longest = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            if (Problem(rows, row, options) is { } problem) throw new InvalidDataException($"{rows.Origin(row)} {problem}");
            longest = Math.Max(longest, rows[row, "input_ids"].Length);
        }
        return Complete(rows, longest);
    }

    /// <summary>The same of a stream, row by row.</summary>
    public static IIterableDataset Stream(IIterableDataset rows, TextDatasetOptions options)
    {
        return rows.Map(Checked, ["input_ids", "attention_mask", "labels"]);

        DataRow Checked(DataRow row)
        {
            var (known, one) = (Known(row), new RowBuffer(1));
            if (known["input_ids"].Kind == FeatureKind.None)
                throw new InvalidDataException($"{row.Origin} has no input_ids, expected it as in the first row");
            one.Add(known);
            if (Problem(one, 0, options) is { } problem) throw new InvalidDataException($"{row.Origin} {problem}");
            var ids = known["input_ids"];
            return new DataRow(["input_ids", "attention_mask", "labels"], [ids, Given("attention_mask", Ones), Given("labels", () => ids)])
            {
                Origin = row.Origin,
            };

            Feature Given(string column, Func<Feature> otherwise) =>
                known[column] is { Kind: FeatureKind.Ints } given ? given : otherwise();

            Feature Ones()
            {
                var ones = new int[ids.Length];
                Array.Fill(ones, 1);
                return Feature.Of(ones, 0, ones.Length);
            }
        }
    }

    // The columns that a model takes; others are passed over.
    private static DataRow Known(DataRow row)
    {
        var places = Enumerable.Range(0, row.Columns.Count).Where(i => Columns.Contains(row.Columns[i])).ToArray();
        if (places.Length == row.Columns.Count) return row;
        var values = new Feature[places.Length];
        for (var i = 0; i < values.Length; i++) values[i] = row.Values[places[i]];
        return new DataRow([.. places.Select(i => row.Columns[i])], values) { Origin = row.Origin };
    }

    private static string? Problem(IDataset rows, int row, TextDatasetOptions options)
    {
        foreach (var column in rows.Columns)
        {
            var found = rows[row, column].Kind;
            var isInFirst = rows[0, column].Kind != FeatureKind.None;
            if (found == FeatureKind.None && !isInFirst) continue;
            if (found == FeatureKind.None) return $"has no {column}, expected it as in the first row";
            if (!isInFirst) return $"has {column}, which the first row lacks";
            if (found != FeatureKind.Ints) return $"has {column} that is no list of whole numbers";
        }
        var length = rows[row, "input_ids"].Length;
        if (length == 0) return "has no tokens in input_ids, expected one or more";
        if (length > options.MaxPositions)
            return $"has {length} tokens, expected at most {options.MaxPositions}, the model's positions (n_positions)";
        foreach (var column in rows.Columns)
        {
            if (rows[row, column].Kind == FeatureKind.None) continue; // a later row has it and will be refused
            var values = rows[row, column].Ints;
            if (values.Length != length) return $"has {values.Length} values in {column} and {length} in input_ids, expected as many";
            for (var i = 0; i < values.Length; i++)
            {
                if (!Fits(column, values[i], options.VocabSize))
                    return $"has {values[i]} at position {i} of {column}, expected {Expected(column, options.VocabSize)}";
            }
        }
        return null;
    }

    private static bool Fits(string column, int value, int? vocabSize) => column switch
    {
        "input_ids" => value >= 0 && !(value >= vocabSize),
        "labels" => value == Ignored || (value >= 0 && !(value >= vocabSize)),
        "attention_mask" => value is 0 or 1,
        _ => value >= 0,
    };

    private static string Expected(string column, int? vocabSize)
    {
        var ids = vocabSize is { } size ? $"ids from 0 to {size - 1} (vocab_size {size})" : "ids from 0 up";
        return column switch
        {
            "input_ids" => ids,
            "labels" => $"{Ignored} or {ids}",
            "attention_mask" => "0 or 1",
            _ => "numbers from 0 up",
        };
    }

    private static IDataset Complete(FileRows rows, int longest)
    {
        var ids = rows.Column("input_ids");
        var columns = rows.Columns.Select(name => (name, rows.Column(name))).ToList();
        if (!rows.Columns.Contains("attention_mask")) columns.Add(("attention_mask", new OnesColumn(ids, longest)));
        if (!rows.Columns.Contains("labels")) columns.Add(("labels", ids));
        return new ColumnDataset(rows.Count, columns);
    }
}
