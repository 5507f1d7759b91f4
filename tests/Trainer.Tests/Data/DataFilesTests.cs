using NativeTrainer.Data;

namespace NativeTrainer.Tests.Data;

/// <summary>Which files an argument means.</summary>
public class DataFilesTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        foreach (var name in new[] { "b.txt", "a.txt", "c.jsonl", "notes.md", "sub/a.txt", "sub/deep/z.cs", "sub/obj/gen.cs", "B.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllText(Path.Combine(_folder, name), "x");
        }
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("b.txt", "b.txt")]
    [TestCase("*.txt", "B.txt a.txt b.txt")]
    [TestCase("**/*.txt", "B.txt a.txt b.txt sub/a.txt")]
    [TestCase("sub/**/*.cs", "sub/deep/z.cs sub/obj/gen.cs")]
    [TestCase("sub/**/*.cs|!**/obj/**", "sub/deep/z.cs")]
    [TestCase("sub", "sub/a.txt")]
    [TestCase("b.txt|*.txt", "b.txt B.txt a.txt")]
    [TestCase("notes.md|a.txt|notes.md", "notes.md a.txt")]
    public void Finds(string patterns, string expected)
    {
        var found = DataFiles.Find([.. patterns.Split('|').Select(Absolute)], "train_file");
        Assert.That(string.Join(' ', found.Select(f => Path.GetRelativePath(_folder, f))), Is.EqualTo(expected));
    }

    [Test]
    public void A_folder_gives_text_and_json_lines() =>
        Assert.That(DataFiles.Find([_folder], "train_file").Select(f => Path.GetRelativePath(_folder, f)),
            Is.EqualTo(new[] { "B.txt", "a.txt", "b.txt", "c.jsonl", "sub/a.txt" }));

    [TestCase("missing.txt", "there is no file")]
    [TestCase("*.nothing", "no file matches")]
    [TestCase("none/*.txt", "no file matches")]
    [TestCase("sub/deep", "has no file of .jsonl, .ndjson, .csv, .tsv, .txt, .parquet")]
    [TestCase("a.txt|!*.txt", "leaves no file")]
    public void Says_what_is_missing(string patterns, string expected) => Assert.That(
        () => DataFiles.Find([.. patterns.Split('|').Select(Absolute)], "validation_file"),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("validation_file: ").And.Message.Contains(expected));

    [Test]
    public void Other_formats_are_refused()
    {
        File.WriteAllText(Absolute("table.zip"), "a,b");
        Assert.That(() => DataFiles.Find([Absolute("table.zip")], "train_file"),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("table.zip is a .zip file, expected it unpacked"));
    }

    private string Absolute(string pattern) => pattern.StartsWith('!') ? "!" + _folder + "/" + pattern[1..] : _folder + "/" + pattern;
}
