using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Data;

public sealed class PaddingCollatorTests
{
    // What the others are about: settings that this collator has not, values that no data set here can hold (booleans, NumPy's
    // arrays, columns of two kinds), and rows that it pads where Hugging Face's give up.
    private static readonly string[] Cases =
    [
        "to the longest, label becomes labels", "label_ids becomes labels", "label and label_ids: label_ids wins", "float labels",
        "no mask given: one is made", "special_tokens_mask is padded with 1", "pad is eos", "lists and scalars", "label, int",
        "label, float", "label_ids, int lists", "label_ids, float lists", "strings and nulls are dropped, by the first row",
        "a null label in the first row: no labels", "a key the first row lacks is dropped",
    ];

    public static IEnumerable<TestCaseData> Batches() =>
        Golden.Rows("collators.json", "cases").Where(row => Cases.Contains(row.GetProperty("name").GetString()))
        .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("name").GetString()!));

    [Test]
    public void All_cases_are_there() => Assert.That(Batches().Count(), Is.EqualTo(Cases.Length));

    [TestCaseSource(nameof(Batches))]
    public void A_batch_is_as_Hugging_Face_makes_it(JsonElement row)
    {
        var rows = row.GetProperty("rows").EnumerateArray().ToArray();
        var batch = new PaddingCollator(0).Collate(new JsonRows(rows), [.. Enumerable.Range(0, rows.Length)]);
        var expected = row.GetProperty("batch");
        Assert.That(batch.Names, Is.EquivalentTo(expected.EnumerateObject().Select(entry => entry.Name)));
        foreach (var (name, tensor) in batch)
        {
            var theirs = expected.GetProperty(name);
            Assert.That(tensor.DType.TorchName, Is.EqualTo(theirs.GetProperty("dtype").GetString()), name);
            Assert.That(TensorText.Of(tensor), Is.EqualTo(PythonJson.Write(Golden.Plain(theirs.GetProperty("values")))), name);
        }
    }

    [Test]
    public void Uneven_labels_are_padded_with_what_the_loss_leaves_out()
    {
        using var rows = JsonDocument.Parse("""[{"input_ids": [5, 6, 7], "labels": [5, 6, 7]}, {"input_ids": [8], "labels": [8]}]""");
        var batch = new PaddingCollator(9, addsMask: false).Collate(new JsonRows([.. rows.RootElement.EnumerateArray()]), [0, 1]);
        Assert.That(batch.Names, Is.EqualTo(new[] { "input_ids", "labels" }));
        Assert.That(batch["input_ids"].ToArray<long>(), Is.EqualTo(new long[] { 5, 6, 7, 8, 9, 9 }));
        Assert.That(batch["labels"].ToArray<long>(), Is.EqualTo(new long[] { 5, 6, 7, 8, -100, -100 }));
    }

    [Test]
    public void Rows_of_one_length_need_no_mask()
    {
        using var rows = JsonDocument.Parse("""[{"input_ids": [5, 6]}, {"input_ids": [8, 9]}]""");
        Assert.That(new PaddingCollator(0).Collate(new JsonRows([.. rows.RootElement.EnumerateArray()]), [1, 0]).Names,
            Is.EqualTo(new[] { "input_ids" }));
    }
}
