using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Data;

/// <summary>Batches that transformers' collators made of the same rows.</summary>
public sealed class CollatorGoldenTests
{
    // A data set has no rows without names of columns, and no NumPy arrays.
    private static readonly string[] NotHere =
    [
        "causal, plain lists: no mask", "label, numpy int64 counts as float", "numpy float64 stays float64",
        "numpy float32 and int32 stay",
    ];

    private static readonly CollatorTokens WordPiece =
        new() { PadTokenId = 0, MaskTokenId = 4, AllSpecialIds = [1, 3, 0, 2, 4], Length = 1000 };

    private static readonly CollatorTokens Unigram = new() { PadTokenId = 0 }, ByteLevel = new() { PadTokenId = 0 };

    public static IEnumerable<TestCaseData> Cases() => Golden.Rows("collators.json", "cases")
        .Where(one => !NotHere.Contains(one.GetProperty("name").GetString()))
        .Select(one => Named(one, $"{one.GetProperty("collator").GetString()}: {one.GetProperty("name").GetString()}"));

    public static IEnumerable<TestCaseData> Masked() => Golden.Rows("collators.json", "mlm")
        .Select(one => Named(one, $"{one.GetProperty("name").GetString()}, seed {one.GetProperty("seed").GetInt64()}"));

    [TestCaseSource(nameof(Cases))]
    public void A_batch_is_as_transformers_makes_it(JsonElement golden)
    {
        if (golden.TryGetProperty("error", out _))
        {
            Assert.That(() => Make(golden).Collate(Rows(golden), All(golden)),
                Throws.InstanceOf<InvalidDataException>().Or.InstanceOf<ArgumentException>());
            return;
        }
        Compare(Make(golden).Collate(Rows(golden), All(golden)), golden.GetProperty("batch"));
    }

    [TestCaseSource(nameof(Masked))]
    public void Masks_are_drawn_as_torch_draws_them(JsonElement golden)
    {
        var collator = new DataCollatorForLanguageModeling(
            WordPiece, mlmProbability: golden.GetProperty("mlm_probability").GetDouble());
        TorchGenerator.Default.Seed((ulong)golden.GetProperty("seed").GetInt64());
        Compare(collator.Collate(Rows(golden), All(golden)), golden.GetProperty("batch"));
    }

    [Test]
    public void Masking_keeps_its_shares_over_many_rows()
    {
        int[] ids = [.. Enumerable.Range(0, 64).Select(i => i == 0 ? 2 : i == 63 ? 3 : 5 + i)];
        var starts = Enumerable.Range(0, 101).Select(i => i * 64).ToArray();
        var rows = new ColumnDataset(100, ("input_ids", new IntsColumn([.. Enumerable.Repeat(ids, 100).SelectMany(x => x)], starts)));
        TorchGenerator.Default.Seed(0);
        double chosen = 0, masked = 0, kept = 0;
        for (var pass = 0; pass < 10; pass++)
        {
            var batch = new DataCollatorForLanguageModeling(WordPiece).Collate(rows, [.. Enumerable.Range(0, 100)]);
            var (after, labels) = (batch["input_ids"].ToArray<long>(), batch["labels"].ToArray<long>());
            for (var i = 0; i < labels.Length; i++)
            {
                if (labels[i] == -100) continue;
                (chosen, masked, kept) = (chosen + 1, masked + (after[i] == 4 ? 1 : 0), kept + (after[i] == labels[i] ? 1 : 0));
            }
        }
        Assert.That(chosen / (62 * 1000), Is.EqualTo(0.15).Within(0.005));
        Assert.That(masked / chosen, Is.EqualTo(0.8).Within(0.01));
        Assert.That(kept / chosen, Is.EqualTo(0.1).Within(0.01));
    }

    [Test]
    public void What_cannot_be_a_tensor_is_named_with_its_row()
    {
        using var json = JsonDocument.Parse("""[{"input_ids": [1], "text": "a"}, {"input_ids": [1, 2], "text": "b"}]""");
        var rows = new JsonRows([.. json.RootElement.EnumerateArray()]);
        Assert.That(() => new DataCollatorWithPadding(WordPiece).Collate(rows, [0, 1]),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(
                "row 0 has in text a text, expected numbers: tokenize it, or leave it out (remove_unused_columns)"));
        Assert.That(() => new DefaultDataCollator().Collate(rows, [0, 1]), Throws.InstanceOf<InvalidDataException>()
            .With.Message.StartsWith("row 1 has in input_ids 2 values and row 0 of the same batch has 1"));
        Assert.That(() => new DataCollatorWithPadding(new CollatorTokens()).Collate(rows, [0, 1]),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("no pad_token"));
    }

    private static TestCaseData Named(JsonElement golden, string name) => new TestCaseData(golden).SetArgDisplayNames(name);

    private static IDataset Rows(JsonElement golden) => new JsonRows([.. golden.GetProperty("rows").EnumerateArray()]);

    private static int[] All(JsonElement golden) => [.. Enumerable.Range(0, golden.GetProperty("rows").GetArrayLength())];

    private static Collator Make(JsonElement golden)
    {
        var settings = golden.GetProperty("settings");
        var tokens = golden.GetProperty("tokenizer").GetString() switch
        {
            "wordpiece" => WordPiece,
            "unigram" => Unigram,
            _ => ByteLevel,
        };
        if (golden.GetProperty("padding_side").GetString() == "left") tokens = tokens with { PadsLeft = true };
        var padding = !settings.TryGetProperty("padding", out var given) ? PaddingStrategy.Longest
            : given.ValueKind == JsonValueKind.False ? PaddingStrategy.DoNotPad : PaddingStrategy.MaxLength;
        var (maxLength, multiple) = (Whole("max_length"), Whole("pad_to_multiple_of"));
        var withModel = golden.TryGetProperty("batch", out var batch) && batch.TryGetProperty("decoder_input_ids", out _);
        return golden.GetProperty("collator").GetString() switch
        {
            "DataCollatorWithPadding" =>
                new DataCollatorWithPadding(tokens) { Padding = padding, MaxLength = maxLength, PadToMultipleOf = multiple },
            "DataCollatorForLanguageModeling" =>
                new DataCollatorForLanguageModeling(tokens, settings.GetProperty("mlm").GetBoolean()) { PadToMultipleOf = multiple },
            "DataCollatorForTokenClassification" => new DataCollatorForTokenClassification(tokens)
            {
                Padding = padding, MaxLength = maxLength, PadToMultipleOf = multiple, LabelPadTokenId = Whole("label_pad_token_id") ?? -100,
            },
            "DataCollatorForSeq2Seq" => new DataCollatorForSeq2Seq(tokens, withModel ? ShiftRight : null)
            {
                Padding = padding, MaxLength = maxLength, PadToMultipleOf = multiple, LabelPadTokenId = Whole("label_pad_token_id") ?? -100,
            },
            _ => new DefaultDataCollator(),
        };

        int? Whole(string name) => settings.TryGetProperty(name, out var value) ? value.GetInt32() : null;
    }

    // T5's: the start token (0) in front, -100 turned into the padding (0).
    private static Tensor ShiftRight(Tensor labels)
    {
        var (shifted, width) = (Tensor.Zeros(labels.Shape, DType.Int64), (int)labels.Size(1));
        var from = labels.ToArray<long>();
        var to = shifted.AsSpan<long>();
        for (var i = 0; i < to.Length; i++) to[i] = i % width == 0 || from[i - 1] == -100 ? 0 : from[i - 1];
        return shifted;
    }

    private static void Compare(Batch batch, JsonElement expected)
    {
        Assert.That(batch.Names, Is.EquivalentTo(expected.EnumerateObject().Select(entry => entry.Name)));
        foreach (var (name, tensor) in batch)
        {
            var theirs = expected.GetProperty(name);
            Assert.That(tensor.DType.TorchName, Is.EqualTo(theirs.GetProperty("dtype").GetString()), name);
            Assert.That(TensorText.Of(tensor), Is.EqualTo(PythonJson.Write(Golden.Plain(theirs.GetProperty("values")))), name);
        }
    }
}
