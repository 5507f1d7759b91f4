using System.Text.Json;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Seq2Seq;

/// <summary>Evaluations and predictions of the real Seq2SeqTrainer made again: eleven rows that the model has learnt, twelve that it has
/// not, in batches of 8.</summary>
public sealed class Seq2SeqTrainerTests
{
    private const double Tolerance = 2e-5;

    // Made by hand below, or mended here.
    private static readonly string[] Others =
    [
        "an unknown gen_kwarg", "generation_config argument without token ids: start token missing",
        "num_return_sequences: more rows than labels", "decoder_input_ids that are not of the labels' shape: the decoder's prompt",
        "predict_with_generate false: logits, encoder's last hidden states; gen_kwargs are swallowed",
        "evaluate a dict of datasets: gen_kwargs are lost on the way (exact_match as without them)",
    ];

    public static IEnumerable<TestCaseData> Cases() => Golden.Rows("seq2seq/cases.json", "cases")
        .Where(row => !Others.Contains(Name(row))).Select(row => new TestCaseData(row).SetArgDisplayNames(Name(row)));

    [TestCaseSource(nameof(Cases))]
    public void Generates_what_the_real_one_does(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        var (name, given) = (Name(row), Golden.Map(row.GetProperty("gen_kwargs")));
        var trainer = Make(folder, row, computes: !name.Contains("no compute_metrics", StringComparison.Ordinal) && !name.StartsWith("no labels", StringComparison.Ordinal));
        if (name.StartsWith("the same datasets", StringComparison.Ordinal) || name.StartsWith("the first of them", StringComparison.Ordinal)
            || name.StartsWith("evaluate", StringComparison.Ordinal))
        {
            AssertMetrics(trainer.Evaluate(given), row, "eval");
            return;
        }
        var rows = name.StartsWith("no labels", StringComparison.Ordinal) ? new ColumnSelection(Rows(0, 23), c => c == "input_ids") : Rows(0, 23);
        var output = trainer.Predict(rows, given);
        AssertIds(output.Predictions, row.GetProperty("predictions"), "predictions");
        AssertIds(output.LabelIds, row.GetProperty("label_ids"), "labels");
        AssertMetrics(output.Metrics, row.GetProperty("metrics"), "test");
    }

    [Test]
    public void Without_generation_the_encoders_states_are_predictions_too()
    {
        using var folder = new TemporaryFolder();
        var row = Case(Others[4]);
        var output = Make(folder, row, computes: false).Predict(Rows(0, 23), Golden.Map(row.GetProperty("gen_kwargs")));
        var shapes = row.GetProperty("predictions").EnumerateArray().Select(p => new Shape([.. p.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())]));
        Assert.That(output.Predictions.Select(p => p.Shape), Is.EqualTo(shapes));
        foreach (var (ours, theirs) in output.Predictions.Zip(row.GetProperty("predictions").EnumerateArray()))
        {
            var sum = ours.ToArray<float>().Sum(value => (double)value);
            Assert.That(sum, Is.EqualTo(theirs.GetProperty("sum").GetDouble()).Within(0.3)); // of hundreds of thousands
            Assert.That(ours.ToArray<float>()[..4], Is.EqualTo(theirs.GetProperty("first_row").EnumerateArray().Take(4).Select(v => v.GetSingle())).Within(1e-4));
        }
        AssertIds(output.LabelIds, row.GetProperty("label_ids"), "labels");
    }

    [Test]
    public void Several_sequences_a_row_are_more_rows_than_labels()
    {
        using var folder = new TemporaryFolder();
        var row = Case(Others[2]);
        var output = Make(folder, row, computes: false).Predict(Rows(0, 23), Golden.Map(row.GetProperty("gen_kwargs")));
        AssertIds(output.Predictions, row.GetProperty("predictions"), "predictions");
        Assert.That(output.LabelIds[0].Size(0), Is.EqualTo(23));
    }

    [Test]
    public void The_decoder_goes_on_with_what_the_collator_begins()
    {
        using var folder = new TemporaryFolder();
        var row = Case(Others[3]);
        var trainer = Make(folder, row, computes: false, begins: true);
        var output = trainer.Predict(new ColumnSelection(Rows(0, 23), c => c == "input_ids"));
        AssertIds(output.Predictions, row.GetProperty("predictions"), "predictions");
    }

    [Test]
    public void Options_of_a_call_hold_for_every_named_set()
    {
        // Transformers 4.37.2 loses them on the way; here each set gives what it would give alone.
        using var folder = new TemporaryFolder();
        var alone = Case("the first of them alone with gen_kwargs");
        var row = Case(Others[5]);
        var metrics = Make(folder, row, computes: true).Evaluate(Golden.Map(row.GetProperty("gen_kwargs")));
        Assert.That((double)metrics["eval_a_loss"], Is.EqualTo(row.GetProperty("eval_a_loss").GetDouble()).Within(Tolerance));
        Assert.That((double)metrics["eval_a_exact_match"], Is.EqualTo(alone.GetProperty("eval_exact_match").GetDouble()));
    }

    [Test]
    public void Wrong_options_are_refused()
    {
        using var folder = new TemporaryFolder();
        var trainer = Make(folder, Case(Others[0]), computes: true);
        Assert.That(() => trainer.Predict(Rows(0, 2), new Dictionary<string, object?> { ["max_lenght"] = 9L }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("max_lenght"));
        var noStart = Make(folder, Case(Others[1]), computes: true);
        Assert.That(() => noStart.Predict(Rows(0, 2)), Throws.TypeOf<ConfigurationException>().With.Message.Contains("decoder_start_token_id"));
        Assert.That(
            () => new Seq2SeqTrainer(Model(), new Seq2SeqTrainingArguments(folder["out"]) { GenerationConfig = "nowhere" }),
            Throws.TypeOf<InvalidArgumentException>().With.Message.StartsWith("generation_config is \"nowhere\""));
    }

    [Test]
    public void A_generation_config_comes_from_a_folder_a_file_or_an_object()
    {
        using var folder = new TemporaryFolder();
        new GenerationConfig { MaxLength = 12 }.Save(Directory.CreateDirectory(folder["folder"]).FullName);
        File.Copy(Path.Combine(folder["folder"], "generation_config.json"), folder["mine.json"]);
        foreach (var path in new[] { folder["folder"], folder["mine.json"] })
        {
            var trainer = new Seq2SeqTrainer(Model(), new Seq2SeqTrainingArguments(folder["out"]) { GenerationConfig = path });
            Assert.That(trainer.Model.GenerationConfig!.MaxLength, Is.EqualTo(12));
        }
        var settings = new GenerationConfig { MaxLength = 9 };
        var args = new Seq2SeqTrainingArguments(folder["out"]) { GenerationSettings = settings };
        Assert.That(new Seq2SeqTrainer(args: args, modelInit: Model).Model.GenerationConfig!.MaxLength, Is.EqualTo(9));
    }

    public static IEnumerable<TestCaseData> Losses() => Golden.Rows("seq2seq/cases.json", "losses").Where(row => row.TryGetProperty("eval_loss", out _))
        .Select(row => new TestCaseData(row).SetArgDisplayNames(row.GetRawText()));

    [TestCaseSource(nameof(Losses))]
    public void Each_batch_counts_the_same(JsonElement row)
    {
        using var folder = new TemporaryFolder();
        var generates = row.GetProperty("predict_with_generate").GetBoolean();
        var args = new Seq2SeqTrainingArguments(folder["out"])
        {
            PerDeviceEvalBatchSize = 8,
            PredictWithGenerate = generates,
            LabelSmoothingFactor = row.GetProperty("label_smoothing_factor").GetDouble(),
        };
        var model = Model();
        var trainer = new Seq2SeqTrainer(
            model, args, Collator(model, row.GetProperty("decoder_input_ids_from_collator").GetBoolean()), evalDataset: Rows(0, 23),
            computeMetrics: generates ? ExactMatch : null);
        Assert.That((double)trainer.Evaluate()["eval_loss"], Is.EqualTo(row.GetProperty("eval_loss").GetDouble()).Within(Tolerance));
        Assert.That(model.GenerationConfig!.IsFromModelConfig, Is.EqualTo(!generates)); // generating leaves a mark, as recorded
    }

    private static string Name(JsonElement row) => row.GetProperty("name").GetString()!;

    private static JsonElement Case(string name) => Golden.Rows("seq2seq/cases.json", "cases").Single(row => Name(row) == name);

    private static PreTrainedModel Model() => AutoModel.FromPretrained(Golden.Path("t5-trained-tiny"), AutoModel.Seq2Seq);

    [TestCase(true)]
    [TestCase(false)]
    public void That_sortish_sampler_changes_nothing_is_told(bool asked)
    {
        using var folder = new TemporaryFolder();
        var (args, log) = (new Seq2SeqTrainingArguments(folder["out"]) { SortishSampler = asked }, new Log());
        _ = new Seq2SeqTrainer(Model(), args, logger: log);
        Assert.That(log.Lines.Any(line => line.Contains("sortish_sampler", StringComparison.Ordinal)), Is.EqualTo(asked));
    }

    private static Seq2SeqTrainer Make(TemporaryFolder folder, JsonElement row, bool computes, bool begins = false)
    {
        var args = new Seq2SeqTrainingArguments("");
        var values = Golden.Map(row.GetProperty("arguments"));
        (values["output_dir"], values["per_device_eval_batch_size"]) = (folder["out"], 8L);
        new HfArgumentParser(args).ParseDict(values);
        var (name, model) = (Name(row), Model());
        if (name.StartsWith("model.generation_config with max_length 12", StringComparison.Ordinal))
        {
            (model.GenerationConfig!["max_length"], model.GenerationConfig["num_beams"]) = (12L, 2L);
        }
        if (name.StartsWith("model.generation_config with max_new_tokens", StringComparison.Ordinal)) model.GenerationConfig!["max_new_tokens"] = 25L;
        if (name.StartsWith("model.config.max_length", StringComparison.Ordinal)) model.Config["max_length"] = 10L;
        if (name.StartsWith("generation_", StringComparison.Ordinal) && name.Contains("generation_config argument", StringComparison.Ordinal))
        {
            args.GenerationSettings = new GenerationConfig { MaxLength = 12 };
            if (name.Contains("replaces", StringComparison.Ordinal)) args.GenerationSettings["num_beams"] = 2L;
            if (!name.Contains("without token ids", StringComparison.Ordinal))
            {
                foreach (var (key, id) in new[] { ("decoder_start_token_id", 0L), ("eos_token_id", 1L), ("pad_token_id", 0L) }) args.GenerationSettings[key] = id;
            }
            if (name.Contains("generation_max_length", StringComparison.Ordinal)) args.GenerationMaxLength = 8;
        }
        var collate = Collator(model, !name.StartsWith("a collator without", StringComparison.Ordinal));
        var sets = row.GetProperty("name").GetString()!.Contains("dataset", StringComparison.Ordinal)
            ? new OrderedDictionary<string, IDataset> { ["a"] = Rows(0, 11), ["b"] = Rows(11, 12) } : null;
        var isFirst = name.StartsWith("the first of them", StringComparison.Ordinal);
        return new Seq2SeqTrainer(
            model, args, begins ? Begun(collate) : collate, evalDataset: isFirst ? Rows(0, 11) : Rows(0, 23),
            tokenizer: name.StartsWith("no tokenizer", StringComparison.Ordinal) ? null : Tokenizer.FromPretrained(Golden.Path("unigram")),
            computeMetrics: computes ? ExactMatch : null, evalDatasets: sets);
    }

    private static DataCollator Collator(PreTrainedModel model, bool withModel) => new DataCollatorForSeq2Seq(
        new CollatorTokens { PadTokenId = 0 }, withModel ? ((ISeq2SeqLanguageModel)model).PrepareDecoderInputIdsFromLabels : null);

    private static DataCollator Begun(DataCollator collate) => (dataset, rows) =>
    {
        var batch = collate(dataset, rows);
        var ids = Tensor.Empty([rows.Length, 2], DType.Int64);
        for (var i = 0; i < rows.Length; i++) (ids.AsSpan<long>()[2 * i], ids.AsSpan<long>()[(2 * i) + 1]) = (0, 40);
        batch["decoder_input_ids"] = ids;
        return batch;
    };

    private static IDataset Rows(int start, int count)
    {
        var train = DatasetFiles.Load([Golden.Path("data/s2s-train.jsonl")]).Take(11);
        var eval = DatasetFiles.Load([Golden.Path("data/s2s-eval.jsonl")]).Take(12);
        int[] all = [.. Enumerable.Range(start, count)];
        return new ColumnDataset(count, [.. new[] { "input_ids", "labels" }.Select(column => (column, (DataColumn)Column(column)))]);

        IntsColumn Column(string column)
        {
            var (values, starts) = (new List<int>(), new List<int> { 0 });
            foreach (var row in all)
            {
                values.AddRange(row < 11 ? train[row, column].Ints : eval[row - 11, column].Ints);
                starts.Add(values.Count);
            }
            return new IntsColumn([.. values], [.. starts]);
        }
    }

    private static Metrics ExactMatch(EvalPrediction output)
    {
        var (found, right) = (Clean(output.Predictions), Clean(output.LabelIds));
        return new Metrics { ["exact_match"] = found.Zip(right, (a, b) => a.SequenceEqual(b) ? 1.0 : 0.0).Average() };

        static List<List<long>> Clean(Tensor ids) => [.. ids.ToArray<long>().Chunk((int)ids.Size(1))
            .Select(row => row.Where(id => id is not (0 or -100)).TakeWhile(id => id != 1).ToList())];
    }

    private static void AssertIds(IReadOnlyList<Tensor> ours, JsonElement theirs, string what)
    {
        if (theirs.ValueKind == JsonValueKind.Null)
        {
            Assert.That(ours, Is.Empty, what);
            return;
        }
        var rows = theirs.EnumerateArray().Select(row => string.Join(' ', row.EnumerateArray().Select(id => id.GetRawText()))).ToList();
        var ids = ours.Single();
        var found = ids.ToArray<long>().Chunk((int)ids.Size(1)).Select(row => string.Join(' ', row));
        Assert.That(found, Is.EqualTo(rows), what);
    }

    private static void AssertMetrics(Metrics ours, JsonElement theirs, string prefix)
    {
        var expected = theirs.EnumerateObject().Where(p => p.Name.StartsWith(prefix + "_", StringComparison.Ordinal)).ToList();
        Assert.That(ours.Keys.Where(key => !key.EndsWith("_runtime", StringComparison.Ordinal) && !key.EndsWith("_per_second", StringComparison.Ordinal)),
            Is.EquivalentTo(expected.Select(p => p.Name)));
        foreach (var entry in expected) Assert.That((double)ours[entry.Name], Is.EqualTo(entry.Value.GetDouble()).Within(Tolerance), entry.Name);
    }
}
