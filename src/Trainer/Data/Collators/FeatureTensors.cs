using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>Tensors of one column of some rows, with the dtypes that <c>torch.tensor</c> gives Python's numbers.</summary>
internal static class FeatureTensors
{
    /// <summary>
    /// [rows] or [rows, length]: int64 where all numbers are whole, float32 where one is real, bool where all are truth values.
    /// </summary>
    /// <exception cref="InvalidDataException">A row has no value or a text, or lists differ in length.</exception>
    public static Tensor Stack(IDataset dataset, ReadOnlySpan<int> rows, string column)
    {
        var first = dataset[rows[0], column];
        Check(dataset, rows, column, first);
        return first.IsList ? Lists(dataset, rows, column, first.Length) : Scalars(dataset, rows, column);
    }

    /// <summary>Lists of whole numbers as int64 [rows, width], filled up with <paramref name="padding"/>.</summary>
    /// <exception cref="InvalidDataException">A row has no list of whole numbers, or a longer one than fits.</exception>
    public static Tensor Padded(IDataset dataset, ReadOnlySpan<int> rows, string column, int width, long padding, bool left)
    {
        var tensor = Tensor.Empty([rows.Length, width], DType.Int64);
        var target = tensor.AsSpan<long>();
        for (var i = 0; i < rows.Length; i++)
        {
            var feature = dataset[rows[i], column];
            if (feature.Kind != FeatureKind.Ints)
                throw Wrong(rows[i], column, $"{Spell(feature)}, expected a list of whole numbers");
            var values = feature.Ints;
            if (values.Length > width)
                throw Wrong(rows[i], column, $"{values.Length} values, more than the {width} that the rows are padded to: cut it before");
            var line = target.Slice(i * width, width);
            var place = left ? line[(width - values.Length)..] : line[..values.Length];
            for (var j = 0; j < values.Length; j++) place[j] = values[j];
            (left ? line[..(width - values.Length)] : line[values.Length..]).Fill(padding);
        }
        return tensor;
    }

    /// <summary>The longest list of a column.</summary>
    public static int Longest(IDataset dataset, ReadOnlySpan<int> rows, string column)
    {
        var longest = 0;
        foreach (var row in rows) longest = Math.Max(longest, dataset[row, column].Length);
        return longest;
    }

    /// <summary>The column of the first row, if it has one and it holds something.</summary>
    public static bool Has(IDataset dataset, ReadOnlySpan<int> rows, string column)
    {
        var columns = dataset.Columns;
        for (var i = 0; i < columns.Count; i++) // a list's own search would box the enumerator
        {
            if (columns[i] == column) return dataset[rows[0], column].Kind != FeatureKind.None;
        }
        return false;
    }

    public static InvalidDataException Wrong(int row, string column, string problem) => new($"row {row} has in {column} {problem}");

    private static void Check(IDataset dataset, ReadOnlySpan<int> rows, string column, Feature first)
    {
        foreach (var row in rows)
        {
            var feature = dataset[row, column];
            if (feature.Kind is FeatureKind.None or FeatureKind.Text or FeatureKind.Texts)
                throw Wrong(row, column, $"{Spell(feature)}, expected numbers: tokenize it, or leave it out (remove_unused_columns)");
            if (feature.IsList != first.IsList)
                throw Wrong(row, column, $"{Spell(feature)}, expected {Spell(first)} as in row {rows[0]} of the same batch");
            if (feature.IsList && feature.Length != first.Length)
            {
                throw Wrong(row, column, $"{feature.Length} values and row {rows[0]} of the same batch has {first.Length}: "
                    + "pad them, or use a collator that does");
            }
        }
    }

    private static Tensor Scalars(IDataset dataset, ReadOnlySpan<int> rows, string column)
    {
        var (areBools, areReals) = (true, false);
        foreach (var row in rows)
        {
            var kind = dataset[row, column].Kind;
            areBools &= kind == FeatureKind.Bool;
            areReals |= kind == FeatureKind.Float;
        }
        var tensor = Tensor.Empty([rows.Length], areBools ? DType.Bool : areReals ? DType.Float32 : DType.Int64);
        for (var i = 0; i < rows.Length; i++)
        {
            var feature = dataset[rows[i], column];
            if (areBools) tensor.AsSpan<bool>()[i] = feature.Bool;
            else if (areReals) tensor.AsSpan<float>()[i] = (float)feature.Number;
            else tensor.AsSpan<long>()[i] = feature.Int;
        }
        return tensor;
    }

    private static Tensor Lists(IDataset dataset, ReadOnlySpan<int> rows, string column, int width)
    {
        var areReals = false;
        foreach (var row in rows) areReals |= dataset[row, column].Kind == FeatureKind.Floats;
        if (!areReals) return Padded(dataset, rows, column, width, 0, left: false);
        var tensor = Tensor.Empty([rows.Length, width], DType.Float32);
        for (var i = 0; i < rows.Length; i++)
        {
            var feature = dataset[rows[i], column];
            var line = tensor.AsSpan<float>().Slice(i * width, width);
            if (feature.Kind == FeatureKind.Floats)
            {
                feature.Floats.CopyTo(line);
                continue;
            }
            var wholes = feature.Ints;
            for (var j = 0; j < width; j++) line[j] = wholes[j];
        }
        return tensor;
    }

    private static string Spell(Feature feature) => feature.Kind switch
    {
        FeatureKind.None => "nothing",
        FeatureKind.Text => "a text",
        FeatureKind.Texts => "a list of texts",
        FeatureKind.Ints => "a list of whole numbers",
        FeatureKind.Floats => "a list of real numbers",
        FeatureKind.Bool => "true or false",
        _ => "a single number",
    };
}
