using NativeTrainer.Checkpoints;
using NativeTrainer.Data;

namespace NativeTrainer.Tests.Data;

/// <summary>Rows one after another: what is made of them, and in which order.</summary>
public sealed class StreamTests
{
    private static IIterableDataset Numbers(int count) => DatasetStream.Of(
        ["n"], _ => Enumerable.Range(0, count).Select(i => new DataRow(["n"], [Feature.Of((long)i)])), count);

    [Test]
    public void Rows_are_taken_skipped_mapped_and_filtered()
    {
        var stream = Numbers(10).Skip(2).Take(6).Filter(row => row["n"].Int % 2 == 0)
            .Map(row => new DataRow(["square"], [Feature.Of(row["n"].Int * row["n"].Int)]), ["square"]);
        Assert.That(stream.Rows().Select(row => row["square"].Int), Is.EqualTo(new long[] { 4, 16, 36 }));
        Assert.That((Numbers(10).Skip(2).Take(6).Length, stream.Length), Is.EqualTo(((long?)6, (long?)null)));
    }

    [Test]
    public void Taking_reads_no_row_more()
    {
        var read = 0;
        var stream = DatasetStream.Of(["n"], _ => Enumerable.Range(0, 100).Select(i =>
        {
            read++;
            return new DataRow(["n"], [Feature.Of((long)i)]);
        }));
        Assert.That((stream.Take(3).Rows().Count(), read), Is.EqualTo((3, 3)));
    }

    [TestCase(1, 4)]
    [TestCase(7, 3)]
    [TestCase(100, 50)]
    public void Shuffling_gives_every_row_once_in_an_order_of_the_seed_and_the_pass(int buffer, int count)
    {
        var stream = Numbers(count).Shuffle(seed: 3, buffer);
        long[] first = [.. stream.Rows(0).Select(row => row["n"].Int)], again = [.. stream.Rows(0).Select(row => row["n"].Int)];
        Assert.That(first, Is.EquivalentTo(Enumerable.Range(0, count)));
        Assert.That(again, Is.EqualTo(first));
        if (buffer == 1) Assert.That(first, Is.Ordered);
        if (count < 10) return;
        Assert.That(stream.Rows(1).Select(row => row["n"].Int), Is.Not.EqualTo(first).And.EquivalentTo(first));
        Assert.That(Numbers(count).Shuffle(seed: 4, buffer).Rows().Select(row => row["n"].Int), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_small_buffer_moves_rows_little_and_the_order_is_that_of_the_library()
    {
        // Python: numpy.random.default_rng(42), a buffer of 4 filled first, places drawn 1,000 at a time, the rest shuffled.
        Assert.That(Numbers(12).Shuffle(seed: 42, 4).Rows().Select(row => row["n"].Int), Is.EqualTo(Expected()));

        static IEnumerable<long> Expected()
        {
            var generator = new NumpyGenerator(42);
            var places = Enumerable.Range(0, 1000).Select(_ => (int)generator.Integer(4)).ToArray();
            var buffer = new List<long> { 0, 1, 2, 3 };
            for (var row = 4; row < 12; row++)
            {
                yield return buffer[places[row - 4]];
                buffer[places[row - 4]] = row;
            }
            generator.Shuffle(buffer);
            foreach (var row in buffer) yield return row;
        }
    }

    [Test]
    public void Files_are_read_in_order_and_shuffled_with_the_rows()
    {
        using var folder = new TemporaryFolder();
        for (var file = 0; file < 5; file++)
            File.WriteAllLines(folder[$"{file}.jsonl"], Enumerable.Range(0, 3).Select(i => $$"""{"n": {{10 * file + i}}}"""));
        var stream = DatasetFiles.Stream([folder["*.jsonl"]]);
        Assert.That(stream.Columns, Is.EqualTo(new[] { "n" }));
        Assert.That(stream.Rows().Select(row => row["n"].Int), Is.Ordered);
        var files = Enumerable.Range(0, 5).ToList();
        new NumpyGenerator(42).Shuffle(files);
        Assert.That(stream.Filter(_ => true).Shuffle(seed: 42, 1).Rows().Select(row => row["n"].Int),
            Is.EqualTo(files.SelectMany(file => Enumerable.Range(10 * file, 3))));
    }
}
