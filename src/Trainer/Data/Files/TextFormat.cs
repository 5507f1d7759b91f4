namespace NativeTrainer.Data;

/// <summary>Text in UTF-8: each line is a row with the one column <c>text</c>; see <see cref="TextLines"/>.</summary>
internal sealed class TextFormat : RowFormat
{
    public override IEnumerable<DataRow> Read(string file, FileRowsOptions options)
    {
        CheckColumns(file, ["text"], options);
        string[] columns = [options.NameOf("text")];
        var row = 0L;
        foreach (var line in TextLines.Read(file, options.KeepLinebreaks))
        {
            yield return new DataRow(columns, [Feature.Of(line)]) { Origin = new RowOrigin(file, row, row + 1) };
            row++;
        }
        if (row == 0) throw new InvalidDataException($"{file}: is empty, expected text");
    }
}
