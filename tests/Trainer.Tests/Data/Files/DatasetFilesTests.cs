using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using Parquet;
using Parquet.Schema;

namespace NativeTrainer.Tests.Data;

/// <summary>The same rows from every kind of file, and what is said of those that are wrong.</summary>
public sealed class DatasetFilesTests
{
    private const string Lines = """
        {"text": "one, \"two\"", "label": 1, "score": 1.5, "flag": true, "ids": [1, 2, 3], "words": ["a", "b"], "weights": [0.5]}
        {"text": "z\u00e9", "label": 2, "score": 2, "flag": false, "ids": [], "words": [], "weights": [1, 2]}

        {"text": null, "label": null, "score": null, "flag": null, "ids": [4], "words": ["c"], "weights": []}
        """;

    private readonly TemporaryFolder _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Json_lines() => Compare(Write("rows.jsonl", Lines));

    [Test]
    public void A_json_list() =>
        Compare(Write("rows.json", "[" + string.Join(",\n", Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)) + " ]\n"));

    [Test]
    public void Packed_json_lines()
    {
        using (var packed = new GZipStream(File.Create(_folder["rows.jsonl.gz"]), CompressionLevel.Fastest))
            packed.Write(Encoding.UTF8.GetBytes(Lines));
        Compare(_folder["rows.jsonl.gz"]);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Arrow_files_and_streams(bool isStream)
    {
        var file = _folder[isStream ? "stream.arrow" : "file.arrow"];
        using (var batch = ArrowBatch())
        using (var stream = File.Create(file))
        using (var writer = isStream ? new ArrowStreamWriter(stream, batch.Schema) : new ArrowFileWriter(stream, batch.Schema))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        Compare(file);
    }

    [Test]
    public async Task Parquet_files()
    {
        await WriteParquet(_folder["rows.parquet"]);
        Compare(_folder["rows.parquet"]);
    }

    [Test]
    public void Csv_and_tsv_say_by_their_values_what_a_column_holds()
    {
        var csv = Write("table.csv", "text,label,score,flag,year\n\"a, \"\"b\"\"\nc\",1,1.5,True,2020\nd,2,-2e3,False,none\n,,,,\n");
        var rows = DatasetFiles.Load([csv]);
        Assert.That(Enumerable.Range(0, 3).Select(row => string.Join('|', rows.Columns.Select(c => Show(rows[row, c])))), Is.EqualTo(new[]
        {
            "\"a, \"b\"\nc\"|1|1.5|true|\"2020\"", "\"d\"|2|-2000.0|false|\"none\"", "\"\"||||\"\"",
        }));
        Assert.That(rows.Origin(1).ToString(), Is.EqualTo($"{csv}:4: row 1"));
        var tsv = DatasetFiles.Load([Write("table.tsv", "a\tb\n1\tx,y\n")], new() { TextColumns = ["a"] });
        Assert.That((Show(tsv[0, "a"]), Show(tsv[0, "b"])), Is.EqualTo(("\"1\"", "\"x,y\"")));
    }

    [Test]
    public void Text_gives_a_row_for_each_line()
    {
        var rows = DatasetFiles.Load([Write("lines.txt", "one\r\ntwo\n\nfour")]);
        Assert.That(Enumerable.Range(0, rows.Count).Select(row => rows[row, "text"].Text), Is.EqualTo(new[] { "one", "two", "", "four" }));
    }

    [Test]
    public void Columns_are_chosen_and_renamed_and_files_mixed()
    {
        var csv = Write("some.csv", "body,spam\nhello,1\n");
        var jsonl = Write("some.jsonl", """{"spam": 0, "more": {"deep": [1]}, "body": "bye"}""");
        var rows = DatasetFiles.Load([csv, jsonl], new()
        {
            Columns = ["body", "spam"], Rename = new Dictionary<string, string> { ["spam"] = "label", ["body"] = "text" },
        });
        Assert.That(rows.Columns, Is.EqualTo(new[] { "text", "label" }));
        Assert.That((rows[0, "text"].Text, rows[1, "text"].Text), Is.EqualTo(("hello", "bye")));
        Assert.That((rows[0, "label"].Int, rows[1, "label"].Int), Is.EqualTo((1L, 0L)));
        Assert.That(DatasetFiles.Load([jsonl])[0, "more.deep"].Ints.ToArray(), Is.EqualTo(new[] { 1 }));
    }

    [TestCase("a.jsonl", """{"a": 1}""" + "\n" + """{"a": "x"}""",
        "a.jsonl:2: row 1 has the text \"x\" in a, expected a number, as in the first row")]
    [TestCase("b.jsonl", """{"a": 1}""", "b.jsonl has no column text, found a", "text")]
    [TestCase("c.jsonl", """{"text": [{"b": 1}]}""", "c.jsonl:1: row 0 has in text a list that is none of numbers or texts", "text")]
    [TestCase("d.json", """[{"a": 1}, 5]""", "d.json: row 1 is no JSON object")]
    [TestCase("e.json", """[{"a": 1}""", "e.json: ends in the middle of the list, after row 0")]
    [TestCase("f.csv", "a,b\n1,2\n3\n", "f.csv:3: row 1 ")]
    [TestCase("g.csv", "a,b\n1,\"x\n", "g.csv:2: row 0 ")]
    [TestCase("h.csv", "a,a\n1,2\n", "h.csv:1: the column a is there twice")]
    [TestCase("i.csv", "a,b\n", "i.csv: has no rows")]
    [TestCase("j.csv", "", "j.csv: is empty")]
    [TestCase("k.csv", "a,b\n1,2\n", "k.csv:1: has no column text, found a, b", "text")]
    [TestCase("l.parquet", "nothing", "l.parquet: is no Parquet file")]
    [TestCase("m.arrow", "nothing at all", "m.arrow: is no Arrow file or stream")]
    [TestCase("n.txt", "", "n.txt: is empty")]
    [TestCase("o.txt", "x", "o.txt has no column label, found text", "label")]
    public void Wrong_rows_are_named(string name, string content, string expected, string? column = null)
    {
        var file = Write(name, content);
        Assert.That(() => DatasetFiles.Load([file], new() { Columns = column is null ? null : [column] }),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(expected));
    }

    [Test]
    public async Task A_parquet_column_of_a_wrong_type_is_named()
    {
        var file = _folder["dates.parquet"];
        var schema = new ParquetSchema(new DataField<DateTime>("when"), new DataField<int>("n"));
        await using (var stream = File.Create(file))
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<DateTime>(schema.GetDataFields()[0], new DateTime[] { new(2020, 1, 1) });
            await group.WriteAsync<int>(schema.GetDataFields()[1], new[] { 7 });
        }
        Assert.That(DatasetFiles.Load([file]).Columns, Is.EqualTo(new[] { "n" }));
        Assert.That(() => DatasetFiles.Load([file], new() { Columns = ["when"] }), Throws.InstanceOf<InvalidDataException>()
            .With.Message.EndsWith("dates.parquet: the column when holds DateTime, expected numbers, texts, or lists of them"));
    }

    private static void Compare(string file)
    {
        var rows = DatasetFiles.Load([file]);
        var expected = new[]
        {
            "\"one, \"two\"\"|1|1.5|true|[1,2,3]|[a,b]|[0.5]", "\"zé\"|2|2.0|false|[]|[]|[1.0,2.0]", "||||[4]|[c]|[]",
        };
        Assert.That(rows.Columns, Is.EqualTo(new[] { "text", "label", "score", "flag", "ids", "words", "weights" }));
        Assert.That(Enumerable.Range(0, rows.Count).Select(row => string.Join('|', rows.Columns.Select(c => Show(rows[row, c])))),
            Is.EqualTo(expected));
        var stream = DatasetFiles.Read(file).Select(row => string.Join('|', row.Columns.Select(c => Show(row[c]))));
        Assert.That(stream.First(), Is.EqualTo(expected[0]));
    }

    private static string Show(Feature value) => value.Kind switch
    {
        FeatureKind.Text => $"\"{value.Text}\"",
        FeatureKind.Int => $"{value.Int}",
        FeatureKind.Float => PythonText.Float(value.Number),
        FeatureKind.Bool => value.Bool ? "true" : "false",
        FeatureKind.Ints => $"[{string.Join(',', value.Ints.ToArray())}]",
        FeatureKind.Texts => $"[{string.Join(',', value.Texts.ToArray())}]",
        FeatureKind.Floats => $"[{string.Join(',', value.Floats.ToArray().Select(f => PythonText.Float(f)))}]",
        _ => "",
    };

    private static RecordBatch ArrowBatch()
    {
        var ids = new ListArray.Builder(Int64Type.Default);
        var words = new ListArray.Builder(StringType.Default);
        var weights = new ListArray.Builder(FloatType.Default);
        foreach (var row in new long[][] { [1, 2, 3], [], [4] }) ((Int64Array.Builder)ids.Append().ValueBuilder).AppendRange(row);
        foreach (var row in new string[][] { ["a", "b"], [], ["c"] }) ((StringArray.Builder)words.Append().ValueBuilder).AppendRange(row);
        foreach (var row in new float[][] { [0.5f], [1, 2], [] }) ((FloatArray.Builder)weights.Append().ValueBuilder).AppendRange(row);
        return new RecordBatch.Builder()
            .Append("text", true, new StringArray.Builder().Append("one, \"two\"").Append("zé").AppendNull().Build())
            .Append("label", true, new Int64Array.Builder().Append(1).Append(2).AppendNull().Build())
            .Append("score", true, new DoubleArray.Builder().Append(1.5).Append(2).AppendNull().Build())
            .Append("flag", true, new BooleanArray.Builder().Append(true).Append(false).AppendNull().Build())
            .Append("ids", true, ids.Build())
            .Append("words", true, words.Build())
            .Append("weights", true, weights.Build())
            .Build();
    }

    private static async Task WriteParquet(string file)
    {
        var schema = new ParquetSchema(
            new DataField<string>("text"), new DataField<long?>("label"), new DataField<double?>("score"), new DataField<bool?>("flag"),
            new ListField("ids", new DataField<int?>("element")), new ListField("words", new DataField<string>("element")),
            new ListField("weights", new DataField<float?>("element")));
        var fields = schema.GetDataFields();
        await using var stream = File.Create(file);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(fields[0], ["one, \"two\"", "zé", null!]);
        await group.WriteAsync<long>(fields[1], new long?[] { 1, 2, null });
        await group.WriteAsync<double>(fields[2], new double?[] { 1.5, 2, null });
        await group.WriteAsync<bool>(fields[3], new bool?[] { true, false, null });
        await Lists(fields[4], [1, 2, 3, 4], [0, 1, 1, 0, 0], [3, 3, 3, 1, 3]);
        await Lists(fields[5], ["a".AsMemory(), "b".AsMemory(), "c".AsMemory()], [0, 1, 0, 0], [3, 3, 1, 3]);
        await Lists(fields[6], [0.5f, 1, 2], [0, 0, 1, 0], [3, 3, 3, 1]);

        // Repetition levels: 0 begins a row. Definition levels: 1 is an empty list, 3 a value.
        async Task Lists<T>(DataField field, T[] values, int[] repetitions, int[] definitions)
            where T : struct
        {
            Assert.That(field.MaxDefinitionLevel, Is.EqualTo(3), field.Name);
            await group.WriteAllPartsAsync<T>(field, values, definitions, repetitions, CancellationToken.None);
        }
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }
}
