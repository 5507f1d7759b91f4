using Parquet.Schema;

namespace NativeTrainer.Data;

/// <summary>Apache Parquet (https://parquet.apache.org): row groups are read one after another, only the columns that are wanted.</summary>
internal sealed class ParquetFormat : RowFormat
{
    public override IEnumerable<DataRow> Read(string file, FileRowsOptions options)
    {
        if (FileContent.IsCompressed(file))
            throw new InvalidDataException($"{file}: Parquet is read at any place, expected it unpacked, not .gz");
        using var stream = FileContent.Open(file);
        using var reader = new ParquetColumns(file, stream);
        var fields = Fields(file, reader, options);
        string[] names = [.. fields.Select(field => options.NameOf(NameOf(field)))];
        var row = 0L;
        for (var group = 0; group < reader.GroupCount; group++)
        {
            var (columns, count) = reader.ReadGroup(group, fields, row);
            for (var i = 0; i < count; i++, row++)
            {
                var values = new Feature[names.Length];
                for (var c = 0; c < values.Length; c++) values[c] = columns[c][i];
                yield return new DataRow(names, values) { Origin = new RowOrigin(file, row, 0) };
            }
        }
        if (row == 0) throw new InvalidDataException($"{file}: has no rows");
    }

    private static DataField[] Fields(string file, ParquetColumns reader, FileRowsOptions options)
    {
        var all = reader.Schema.GetDataFields();
        CheckColumns(file, [.. all.Select(NameOf)], options);
        if (options.Columns is null) return [.. all.Where(field => ParquetColumns.Reads(field))];
        DataField[] wanted = [.. options.Columns.Select(name => all.First(field => NameOf(field) == name))];
        if (wanted.FirstOrDefault(field => !ParquetColumns.Reads(field)) is { } wrong)
            throw new InvalidDataException(
                $"{file}: the column {NameOf(wrong)} holds {ParquetColumns.Spell(wrong)}, expected numbers, texts, or lists of them");
        return wanted;
    }

    // A list's path goes on with names that say nothing: list.element, bag.array_element.
    private static string NameOf(DataField field)
    {
        var parts = field.Path.ToList();
        if (field.MaxRepetitionLevel == 1 && parts.Count > 2) parts.RemoveRange(parts.Count - 2, 2);
        return string.Join('.', parts);
    }
}
