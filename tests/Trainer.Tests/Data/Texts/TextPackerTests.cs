using NativeTrainer.Data;

namespace NativeTrainer.Tests.Data;

/// <summary>Short texts that share rows.</summary>
public sealed class TextPackerTests
{
    [Test]
    public void Texts_share_a_row_as_long_as_there_is_room()
    {
        var packer = new TextPacker(8);
        DataRow[] rows = [.. new[] { 3, 4, 5, 1, 2 }.SelectMany(Add), .. packer.Rest()];
        Assert.That(rows.Select(Show), Is.EqualTo(new[]
        {
            "300 301 302 400 401 402 403 | 1 1 1 2 2 2 2 | 0 1 2 0 1 2 3 | -100 301 302 -100 401 402 403",
            "500 501 502 503 504 200 201 | 1 1 1 1 1 2 2 | 0 1 2 3 4 0 1 | -100 501 502 503 504 -100 201",
        }));

        IEnumerable<DataRow> Add(int length) => packer.Add([.. Enumerable.Range(100 * length, length)]);
    }

    [Test]
    public void Long_texts_are_cut_and_no_row_is_longer_than_a_block()
    {
        var packer = new TextPacker(4);
        var lengths = new Random(1);
        DataRow[] rows = [.. Enumerable.Range(0, 500).SelectMany(_ => packer.Add(new int[lengths.Next(12)])), .. packer.Rest()];
        Assert.That(rows.Max(row => row["input_ids"].Length), Is.EqualTo(4));
        Assert.That(packer.Rest(), Is.Empty);
        Assert.That(rows.Average(row => row["input_ids"].Length), Is.GreaterThan(3.5), "rows are well filled");
    }

    private static string Show(DataRow row) => string.Join(" | ", TextPacker.Columns.Select(c => string.Join(' ', row[c].Ints.ToArray())));
}
