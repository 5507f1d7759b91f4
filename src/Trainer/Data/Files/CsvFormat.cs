using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace NativeTrainer.Data;

/// <summary>
/// Comma or tab separated values with a header (RFC 4180). A column whose values are all whole numbers, all numbers, or all true or false
/// is read as such, as pandas does it; what is empty is null there, and an empty text elsewhere.
/// </summary>
internal sealed class CsvFormat(char separator) : RowFormat
{
    private const int Sample = 1000; // rows that say what a column holds, where a file is read as a stream

    public override IEnumerable<DataRow> Read(string file, FileRowsOptions options)
    {
        var (kinds, hasAll) = Kinds(file, options);
        using var csv = Open(file);
        var (columns, places) = Header(csv, file, options);
        while (Next(csv, file) is var row and >= 0)
        {
            var origin = new RowOrigin(file, row, csv.LineNumber);
            var values = new Feature[columns.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var text = Field(csv, places[i], origin);
                values[i] = Convert(text, kinds[i]) ?? throw new InvalidDataException(
                    $"{origin} has \"{text}\" in {columns[i]}, expected {Spell(kinds[i])} as in the {Sample} rows before"
                    + (hasAll ? "" : "; name the column among the text columns"));
            }
            yield return new DataRow(columns, values) { Origin = origin };
        }
    }

    private CsvReader Open(string file) => CsvReader.Create(
        FileContent.Open(file),
        new CsvReaderOptions
        {
            Separator = separator,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
            IncludeValuesInExceptions = false,
        },
        leaveOpen: false);

    private static (string[] Columns, int[] Places) Header(CsvReader csv, string file, FileRowsOptions options)
    {
        IReadOnlyList<string> names;
        try
        {
            names = csv.Headers;
        }
        catch (CsvFormatException broken)
        {
            throw new InvalidDataException($"{file}:1: {broken.Message}", broken);
        }
        if (names.Count == 0) throw new InvalidDataException($"{file}: is empty, expected a line with the names of the columns");
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"{file}:1: the column {twice.Key} is there twice");
        CheckColumns($"{file}:1:", names, options);
        int[] places = [.. Enumerable.Range(0, names.Count).Where(i => options.Wants(names[i]))];
        return ([.. places.Select(i => options.NameOf(names[i]))], places);
    }

    // The number of the next row, -1 at the end.
    private static long Next(CsvReader csv, string file)
    {
        try
        {
            return csv.Read() ? csv.RowNumber - 1 : -1;
        }
        catch (CsvFormatException broken)
        {
            throw new InvalidDataException(
                $"{file}:{broken.LineNumber}: row {Math.Max(0, broken.RecordNumber - 2)} is malformed: {broken.Message}", broken);
        }
    }

    private static string Field(CsvReader csv, int place, RowOrigin origin)
    {
        var bytes = csv.GetSpan(place);
        if (!Utf8.IsValid(bytes))
            throw new InvalidDataException($"{origin} has bytes that are not UTF-8 in {csv.Headers[place]}, expected text in UTF-8");
        return Encoding.UTF8.GetString(bytes);
    }

    // What the columns hold, by the first rows; and whether those were all.
    private (FeatureKind[] Kinds, bool HasAll) Kinds(string file, FileRowsOptions options)
    {
        using var csv = Open(file);
        var (columns, places) = Header(csv, file, options);
        var (kinds, hasValues, rows) = (new FeatureKind[columns.Length], new bool[columns.Length], 0);
        for (var i = 0; i < kinds.Length; i++)
            kinds[i] = options.TextColumns.Contains(columns[i]) || options.TextColumns.Contains(csv.Headers[places[i]])
                ? FeatureKind.Text : FeatureKind.Int;
        while (Next(csv, file) is var row and >= 0 && (options.ScansWholeFiles || row < Sample))
        {
            rows++;
            for (var i = 0; i < kinds.Length; i++)
            {
                if (kinds[i] == FeatureKind.Text) continue;
                var text = Field(csv, places[i], new RowOrigin(file, row, csv.LineNumber));
                if (text.Length == 0) continue;
                if (!hasValues[i] && Convert(text, FeatureKind.Bool) is not null) kinds[i] = FeatureKind.Bool;
                hasValues[i] = true;
                if (Convert(text, kinds[i]) is not null) continue;
                var isReal = kinds[i] == FeatureKind.Int && Convert(text, FeatureKind.Float) is not null;
                kinds[i] = isReal ? FeatureKind.Float : FeatureKind.Text;
            }
        }
        for (var i = 0; i < kinds.Length; i++)
        {
            if (!hasValues[i]) kinds[i] = FeatureKind.Text;
        }
        if (rows == 0) throw new InvalidDataException($"{file}: has no rows, only the names of columns");
        return (kinds, options.ScansWholeFiles || rows < Sample);
    }

    private static Feature? Convert(string text, FeatureKind kind)
    {
        if (kind == FeatureKind.Text) return Feature.Of(text);
        if (text.Length == 0) return default(Feature);
        switch (kind)
        {
            case FeatureKind.Bool:
                return text is "True" or "true" or "TRUE" ? Feature.Of(true)
                    : text is "False" or "false" or "FALSE" ? Feature.Of(false) : null;
            case FeatureKind.Int:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? Feature.Of(whole) : null;
            default:
                const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
                return double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                    ? Feature.Of(real) : null;
        }
    }

    private static string Spell(FeatureKind kind) => kind switch
    {
        FeatureKind.Bool => "true or false",
        FeatureKind.Int => "a whole number",
        _ => "a number",
    };
}
