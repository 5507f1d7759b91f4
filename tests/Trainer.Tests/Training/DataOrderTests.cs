using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>The order in which rows come, from the real Trainer's random draws.</summary>
public sealed class DataOrderTests
{
    private const int Length = 8, Vocabulary = 256;

    // Dropout and NEFTune's noise draw from torch's stream on a processor; ours draw from Philox, as on a GPU. NEFTune is not there yet.
    // data_seed does what it says here (see OverridingTests); 4.37.2 forgets it.
    private static readonly string[] NotOurs =
    [
        "dropout shifts later epochs", "NEFTune shifts later epochs", "data_seed: nothing reads it",
    ];

    public static IEnumerable<TestCaseData> Runs() =>
        Golden.Rows("samplers.json", "trainer").Where(row => !NotOurs.Contains(row.GetProperty("name").GetString()))
        .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Runs))]
    public void Every_epoch_of_a_training_has_the_rows_in_order(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        var isFresh = row.TryGetProperty("model_init", out _);
        var epochs = Train(row, folder["out"], null, isFresh);
        var expected = Epochs(row.GetProperty("epochs"));

        // With accumulation the recording has the batch that was fetched ahead when the training ended.
        if (row.GetProperty("args").TryGetProperty("gradient_accumulation_steps", out _)) expected[^1] = expected[^1][..epochs[^1].Count];
        Assert.That(epochs, Is.EqualTo(expected));
    }

    public static IEnumerable<TestCaseData> Resumed() => Golden.Rows("samplers.json", "resume").Skip(1)
        .Select(row => new TestCaseData(row).SetArgDisplayNames($"at step {row.GetProperty("resumed_at_step")}"));

    [TestCaseSource(nameof(Resumed))]
    public void A_resumed_training_has_the_order_that_Hugging_Face_gives_it(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        using var whole = JsonDocument.Parse(
            """{"args": {"seed": 42, "per_device_train_batch_size": 4, "save_strategy": "steps", "save_steps": 5}, "rows": 37}""");
        var uninterrupted = Golden.Rows("samplers.json", "resume").First().GetProperty("uninterrupted");
        Assert.That(Train(whole.RootElement, folder["out"], null), Is.EqualTo(Epochs(uninterrupted)));
        var checkpoint = folder[$"out/checkpoint-{row.GetProperty("resumed_at_step")}"];
        Tiny.AsOfHuggingFace(checkpoint);
        var epochs = Train(whole.RootElement, folder["again"], checkpoint);
        Assert.That(epochs, Is.EqualTo(Epochs(row.GetProperty("epochs"))));
    }

    public static IEnumerable<TestCaseData> Groups() =>
        Golden.Rows("samplers.json", "length_grouped").Where(row => row.GetProperty("mega_batch_mult").ValueKind == JsonValueKind.Null)
        .Select(row => new TestCaseData(row).SetArgDisplayNames($"{row.GetProperty("rows")} rows, batch {row.GetProperty("batch_size")}"));

    [TestCaseSource(nameof(Groups))]
    public void Rows_are_grouped_by_length_as_in_Hugging_Face(JsonElement row)
    {
        TorchGenerator.Default.Seed(row.GetProperty("seed").GetUInt64());
        var order = new int[row.GetProperty("rows").GetInt32()];
        new LengthGroupedSampler(row.GetProperty("batch_size").GetInt32(), Lengths()[..order.Length]).Draw(order);
        Assert.That(order, Is.EqualTo(row.GetProperty("order").EnumerateArray().Select(place => place.GetInt32())));
    }

    private static List<List<int>> Train(JsonElement row, string output, string? checkpoint, bool isFresh = false)
    {
        TorchGenerator.Default.Seed(999); // what was drawn before the trainer exists does not count
        var args = Tiny.Arguments(output,
            [("num_train_epochs", 3L), ("save_strategy", "no"), ("logging_strategy", "no"), .. Tiny.Given(row.GetProperty("args"))]);
        var rows = Rows(row.GetProperty("rows").GetInt32(), args.GroupByLength);
        var (seen, loss) = (new RowsSeen(), new PaddingCollator(0));
        Batch Collate(IDataset dataset, ReadOnlySpan<int> places)
        {
            if (dataset.Count == rows.Count) seen.Epochs[^1].AddRange(places);
            return loss.Collate(dataset, places);
        }

        new Trainer(
            isFresh ? null : Tiny.Model(), args, Collate, rows, Rows(5), modelInit: isFresh ? FreshModel : null,
            callbacks: [seen]).Train(checkpoint);
        return seen.Epochs;
    }

    private static Gpt2LMHeadModel FreshModel() => new(Gpt2Config.FromPretrained(Golden.Path("gpt2-tiny")));

    private static List<List<int>> Epochs(JsonElement epochs) =>
        [.. epochs.EnumerateArray().Select(epoch => epoch.EnumerateArray().Select(place => place.GetInt32()).ToList())];

    private static ColumnDataset Rows(int count, bool byLength = false)
    {
        int[] lengths = byLength ? Lengths()[..count] : [.. Enumerable.Repeat(Length, count)];
        int[] starts = [0, .. lengths.Select((_, i) => lengths[..(i + 1)].Sum())];
        var ids = new IntsColumn([.. lengths.SelectMany((length, i) => Enumerable.Repeat(i % Vocabulary, length))], starts);
        return new ColumnDataset(count, ("input_ids", ids), ("labels", ids));
    }

    private static int[] Lengths() => [.. Golden.Rows("samplers.json", "lengths").Select(length => length.GetInt32())];

    private sealed class RowsSeen : TrainerCallback
    {
        public List<List<int>> Epochs { get; } = [];

        public override void OnEpochBegin(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
            Epochs.Add([]);
    }
}
