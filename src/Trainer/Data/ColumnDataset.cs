namespace NativeTrainer.Data;

/// <summary>Rows kept by columns: all lists of a column lie end to end in one array.</summary>
/// <param name="count">How many rows.</param>
/// <param name="columns">The columns, of as many rows.</param>
public sealed class ColumnDataset(int count, params IReadOnlyList<(string Name, DataColumn Values)> columns) : IDataset
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns { get; } = [.. columns.Select(c => c.Name)];

    /// <inheritdoc/>
    public Feature this[int row, string column] => (uint)row < (uint)count
        ? Column(column)[row]
        : throw new ArgumentOutOfRangeException(nameof(row), row, $"the data set has {count} rows");

    /// <summary>A column; throws where there is none of this name.</summary>
    public DataColumn Column(string name)
    {
        for (var i = 0; i < columns.Count; i++) // an enumerator would be allocated for each cell of each batch
        {
            if (columns[i].Name == name) return columns[i].Values;
        }
        throw new ArgumentException($"the data set has no column '{name}', only {string.Join(", ", Columns)}", nameof(name));
    }
}

/// <summary>The values of one column.</summary>
public abstract class DataColumn
{
    /// <summary>The value of a row.</summary>
    public abstract Feature this[int row] { get; }
}

/// <summary>Lists of whole numbers of any lengths.</summary>
/// <param name="values">All lists, end to end.</param>
/// <param name="starts">Where each begins, and at the end where the last ends.</param>
public sealed class IntsColumn(int[] values, int[] starts) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values, starts[row], starts[row + 1] - starts[row]);
}

/// <summary>Lists of whole numbers of one length.</summary>
/// <param name="values">All lists, end to end.</param>
/// <param name="length">The length of each.</param>
public sealed class BlocksColumn(int[] values, int length) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values, row * length, length);
}

/// <summary>Lists of ones, as long as another column's: the mask of rows without padding, kept once.</summary>
/// <param name="like">The other column.</param>
/// <param name="longest">The length of its longest list.</param>
public sealed class OnesColumn(DataColumn like, int longest) : DataColumn
{
    private readonly int[] _ones = Ones(longest);

    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(_ones, 0, like[row].Length);

    private static int[] Ones(int length)
    {
        var ones = new int[length];
        Array.Fill(ones, 1);
        return ones;
    }
}

/// <summary>Lists of real numbers.</summary>
/// <param name="values">All lists, end to end.</param>
/// <param name="starts">Where each begins, and at the end where the last ends.</param>
public sealed class FloatsColumn(float[] values, int[] starts) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values, starts[row], starts[row + 1] - starts[row]);
}

/// <summary>Single numbers.</summary>
/// <param name="values">One for each row.</param>
/// <param name="areWhole">Whether they are read as whole numbers (classes) or as real ones (targets of a regression).</param>
public sealed class NumbersColumn(double[] values, bool areWhole) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => areWhole ? Feature.Of((long)values[row]) : Feature.Of(values[row]);
}

/// <summary>Texts.</summary>
/// <param name="values">One for each row.</param>
public sealed class TextColumn(IReadOnlyList<string> values) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values[row]);
}

/// <summary>Lists of texts.</summary>
/// <param name="values">All lists, end to end.</param>
/// <param name="starts">Where each begins, and at the end where the last ends.</param>
public sealed class TextsColumn(string[] values, int[] starts) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values, starts[row], starts[row + 1] - starts[row]);
}

/// <summary>Single whole numbers of 64 bits.</summary>
/// <param name="values">One for each row.</param>
public sealed class WholeNumbersColumn(long[] values) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values[row]);
}

/// <summary>Truth values.</summary>
/// <param name="values">One for each row; 0 is false.</param>
public sealed class BoolsColumn(long[] values) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => Feature.Of(values[row] != 0);
}

/// <summary>A column of which some rows have nothing.</summary>
/// <param name="values">The values.</param>
/// <param name="isNull">Which rows have none.</param>
public sealed class NullableColumn(DataColumn values, bool[] isNull) : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => isNull[row] ? default : values[row];
}

/// <summary>A column of which no row has anything.</summary>
public sealed class NullsColumn : DataColumn
{
    /// <inheritdoc/>
    public override Feature this[int row] => default;
}
