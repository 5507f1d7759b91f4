using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Data;

/// <summary>Batches made by one thread, by several, and of streams.</summary>
public sealed class DataLoaderTests
{
    private static readonly CollatorTokens Tokens =
        new() { PadTokenId = 0, MaskTokenId = 1, AllSpecialIds = [0, 1], Length = 256, ReturnsAttentionMask = false };

    [TestCase(1, false, false)]
    [TestCase(3, false, false)]
    [TestCase(3, true, false)]
    [TestCase(3, false, true)]
    [TestCase(2, true, true)]
    public void Workers_change_neither_order_nor_numbers(int workers, bool isStream, bool isPersistent)
    {
        var expected = Passes(0, isStream, false);
        Assert.That(expected, Has.Count.EqualTo(3 * 15));
        Assert.That(Passes(workers, isStream, isPersistent), Is.EqualTo(expected));
    }

    [Test]
    public void An_error_comes_with_its_batch()
    {
        using var loader = new DataLoader(Tiny.Train.Take(40), 4, new SequentialSampler(40), Refusing) { NumWorkers = 3 };
        var batches = 0;
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var rows in loader.Batches())
            {
                loader.Load(rows);
                batches++;
            }
        });
        Assert.That((error!.Message, batches), Is.EqualTo(("row 21 is bad", 5)));
        Assert.That(loader.Batches().Count(), Is.EqualTo(10), "the loader goes on afterwards");

        static Batch Refusing(IDataset dataset, ReadOnlySpan<int> rows) =>
            rows.Contains(21) ? throw new InvalidDataException("row 21 is bad") : new DefaultDataCollator().Collate(dataset, rows);
    }

    [Test]
    public void An_error_of_a_stream_comes_after_the_batches_before_it()
    {
        var stream = DatasetStream.Of(["n"], _ => Enumerable.Range(0, 10).Select(
            i => i == 9 ? throw new InvalidDataException("broken") : new DataRow(["n"], [Feature.Of((long)i)])));
        using var loader = new DataLoader(stream, 2, new SequentialSampler(0), new DefaultDataCollator()) { NumWorkers = 2 };
        var batches = 0;
        Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var rows in loader.Batches())
            {
                loader.Load(rows);
                batches++;
            }
        });
        Assert.That(batches, Is.EqualTo(4));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void A_pass_may_be_left_and_batches_skipped(int workers)
    {
        using var loader = new DataLoader(Tiny.Endless(Tiny.Train.Take(22)), 4, new SequentialSampler(0), new DefaultDataCollator())
        {
            NumWorkers = workers, PersistentWorkers = workers > 0,
        };
        foreach (var rows in loader.Batches())
        {
            Assert.That(rows.Length, Is.EqualTo(4));
            break;
        }
        var left = loader.Batches(skip: 4).Select(rows => (rows.Length, loader.Load(rows)["input_ids"].ToArray<long>()[0])).ToList();
        Assert.That(left, Is.EqualTo(new[] { (4, First(16)), (2, First(20)) }));
        Assert.That((loader.RowsSeen, loader.Length), Is.EqualTo((22L, (int?)null)));

        static long First(int row) => Tiny.Train[row, "input_ids"].Ints[0];
    }

    private static List<string> Passes(int workers, bool isStream, bool isPersistent)
    {
        TorchGenerator.Default.Seed(7);
        var rows = Tiny.Train.Take(60);
        IDataset dataset = isStream ? rows.AsStream().Shuffle(seed: 5, bufferSize: 20) : rows;
        Collator collator = new DataCollatorForLanguageModeling(Tokens);
        using var loader = new DataLoader(new IdsAlone(dataset).Rows, 4, new RandomSampler(60), collator)
        {
            NumWorkers = workers, PersistentWorkers = isPersistent,
        };
        var batches = new List<string>();
        for (var pass = 0; pass < 3; pass++)
        {
            loader.Epoch = pass;
            foreach (var batch in loader.Batches())
            {
                var tensors = loader.Load(batch);
                batches.Add($"{TensorText.Of(tensors["input_ids"])} {TensorText.Of(tensors["labels"])}");
            }
        }
        return batches;
    }

    // The ids alone: labels are the collator's.
    private sealed class IdsAlone(IDataset dataset)
    {
        public IDataset Rows => dataset is IIterableDataset stream
            ? stream.Map(row => new DataRow(["input_ids"], [row["input_ids"]]), ["input_ids"])
            : new ColumnSelection(dataset, name => name == "input_ids");
    }
}
