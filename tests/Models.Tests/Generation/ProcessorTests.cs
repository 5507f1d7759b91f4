using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>Every processor and warper changes scores as Hugging Face's, alone and in the order in which options bring them together.</summary>
public class ProcessorTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("generation", "processors.json");

    private static IEnumerable<TestCaseData> Alone => Golden.GetProperty("alone").EnumerateArray().Select(entry =>
        new TestCaseData(entry).SetArgDisplayNames($"{entry.GetProperty("processor")} {entry.GetProperty("arguments")} {entry.GetProperty("logits")}"));

    private static IEnumerable<TestCaseData> Together => Golden.GetProperty("together").EnumerateArray().Select(entry =>
        new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Alone))]
    public void OneProcessor(JsonElement golden)
    {
        var processor = Make(golden.GetProperty("processor").GetString()!, golden.GetProperty("arguments"));
        Assert.That(Apply([processor], golden), Is.EqualTo(Numbers(golden.GetProperty("output"))).Within(2e-6f));
    }

    [TestCaseSource(nameof(Together))]
    public void WhatOptionsBringTogether(JsonElement golden)
    {
        var options = (IReadOnlyDictionary<string, object?>)PythonJson.Read(golden.GetProperty("generation_config").GetRawText())!;
        var config = new GenerationConfig { EosTokenIds = [2], PadTokenId = 0 }.With(options);
        var rows = Golden.GetProperty("input_ids").GetProperty(golden.GetProperty("input_ids").GetString()!).GetArrayLength();
        var context = new ProcessorContext(new object(), golden.GetProperty("prompt_length").GetInt32(), config.MaxLength!.Value, Inputs(), rows);
        var (processors, warpers) = (LogitsProcessors.Processors(config, context, []), LogitsProcessors.Warpers(config));
        Assert.That(processors, Has.Count.EqualTo(golden.GetProperty("processors").GetArrayLength()));
        Assert.That(warpers, Has.Count.EqualTo(golden.GetProperty("warpers").GetArrayLength()));
        Assert.That(Apply(processors, golden), Is.EqualTo(Numbers(golden.GetProperty("after_processors"))).Within(2e-6f), "after processors");
        if (!golden.TryGetProperty("after_warpers", out var warped)) return;
        var scores = Apply([.. processors, .. warpers], golden);
        Assert.That(scores, Is.EqualTo(Numbers(warped)).Within(2e-6f), "after warpers");
        var width = scores.Length / rows;
        for (var row = 0; row < rows; row++) Scores.Softmax(scores.AsSpan(row * width, width));
        Assert.That(scores, Is.EqualTo(Numbers(golden.GetProperty("probabilities"))).Within(1e-6f), "probabilities");
    }

    [Test]
    public void TopKOfManyScores([Values(1, 2, 7, 64, 999)] int k)
    {
        var random = new Random(k);
        var scores = Enumerable.Range(0, 1000).Select(_ => (float)random.Next(200)).ToArray();
        var limit = scores.OrderDescending().ElementAt(k - 1);
        var expected = scores.Select(score => score < limit ? float.NegativeInfinity : score).ToArray();
        new TopKWarper(k).Process(0, [], scores);
        Assert.That(scores, Is.EqualTo(expected));
    }

    [Test]
    public void TopPOfManyScoresIsThatOfASort([Values(0.0, 0.1, 0.5, 0.9, 0.99)] double p, [Values(1, 5)] int keep, [Values] bool ties)
    {
        var random = new Random(7);
        var scores = Enumerable.Range(0, 5000).Select(_ => ties ? random.Next(12) : (random.NextSingle() * 8) - 4).ToArray();
        var probabilities = scores.ToArray();
        Scores.Softmax(probabilities);
        var order = Enumerable.Range(0, scores.Length).OrderBy(id => scores[id]).ThenBy(id => id).ToArray();
        var expected = scores.ToArray();
        var mass = 0.0;
        foreach (var id in order[..^keep])
        {
            mass += probabilities[id];
            if ((float)mass <= (float)(1 - p)) expected[id] = float.NegativeInfinity;
        }
        new TopPWarper(p, keep).Process(0, [], scores);
        Assert.That(scores, Is.EqualTo(expected));
    }

    [Test]
    public void TokensBeyondTheVocabularyAreNamed() =>
        Assert.That(
            () => new SuppressTokensProcessor([3, 30]).Process(0, [1], new float[24]),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("suppress_tokens names token 30, expected one of the vocabulary's 24"));

    private static float[] Apply(IReadOnlyList<LogitsProcessor> processors, JsonElement golden)
    {
        var ids = Golden.GetProperty("input_ids").GetProperty(golden.GetProperty("input_ids").GetString()!);
        var logits = Golden.GetProperty("logits").GetProperty(golden.GetProperty("logits").GetString()!);
        List<float> all = [];
        for (var row = 0; row < logits.GetArrayLength(); row++)
        {
            var scores = Numbers(logits[row]);
            var line = ids[row].EnumerateArray().Select(id => id.GetInt64()).ToArray();
            foreach (var processor in processors) processor.Process(row, line, scores);
            all.AddRange(scores);
        }
        return [.. all];
    }

    private static LogitsProcessor Make(string name, JsonElement arguments)
    {
        double Number(string key, double otherwise = double.NaN) =>
            arguments.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;
        int Whole(string key) => (int)Number(key);
        var keep = (int)Number("min_tokens_to_keep", 1);
        int[] Ids(string key) => arguments.TryGetProperty(key, out var value) ? Ints(value) : [];
        return name switch
        {
            "TemperatureLogitsWarper" => new TemperatureWarper(Number("temperature")),
            "TopKLogitsWarper" => new TopKWarper(Whole("top_k"), keep),
            "TopPLogitsWarper" => new TopPWarper(Number("top_p"), keep),
            "TypicalLogitsWarper" => new TypicalWarper(Number("mass"), keep),
            "EpsilonLogitsWarper" => new EpsilonWarper(Number("epsilon"), keep),
            "EtaLogitsWarper" => new EtaWarper(Number("epsilon"), keep),
            "RepetitionPenaltyLogitsProcessor" => new RepetitionPenaltyProcessor(Number("penalty")),
            "EncoderRepetitionPenaltyLogitsProcessor" => new EncoderRepetitionPenaltyProcessor(Number("penalty"), Inputs()),
            "NoRepeatNGramLogitsProcessor" => new NoRepeatNGramProcessor(Whole("ngram_size")),
            "EncoderNoRepeatNGramLogitsProcessor" => new EncoderNoRepeatNGramProcessor(Whole("encoder_ngram_size"), Inputs(), 3),
            "NoBadWordsLogitsProcessor" => new NoBadWordsProcessor(
                arguments.GetProperty("bad_words_ids").EnumerateArray().Select(Ints), Ids("eos_token_id")),
            "SequenceBiasLogitsProcessor" => new SequenceBiasProcessor(
                arguments.GetProperty("sequence_bias").EnumerateArray().Select(pair => (Ints(pair[0]), Single(pair[1])))),
            "MinLengthLogitsProcessor" => new MinLengthProcessor(Whole("min_length"), Ids("eos_token_id")),
            "MinNewTokensLengthLogitsProcessor" => new MinNewTokensProcessor(Whole("prompt_length_to_skip"), Whole("min_new_tokens"), Ids("eos_token_id")),
            "ForcedBOSTokenLogitsProcessor" => new ForcedBosTokenProcessor(Whole("bos_token_id")),
            "ForcedEOSTokenLogitsProcessor" => new ForcedEosTokenProcessor(Whole("max_length"), Ids("eos_token_id")),
            "InfNanRemoveLogitsProcessor" => new RemoveInvalidValuesProcessor(),
            "ExponentialDecayLengthPenalty" => new ExponentialDecayLengthProcessor(
                arguments.GetProperty("exponential_decay_length_penalty")[0].GetInt32(),
                arguments.GetProperty("exponential_decay_length_penalty")[1].GetDouble(), Ids("eos_token_id"), Whole("input_ids_seq_length")),
            "SuppressTokensLogitsProcessor" => new SuppressTokensProcessor(Ids("suppress_tokens")),
            "SuppressTokensAtBeginLogitsProcessor" => new SuppressTokensAtBeginProcessor(Ids("begin_suppress_tokens"), Whole("begin_index")),
            "ForceTokensLogitsProcessor" => new ForceTokensProcessor([.. arguments.GetProperty("force_token_map").EnumerateArray().Select(pair =>
                (pair[0].GetInt32(), pair[1].ValueKind == JsonValueKind.Null ? (int?)null : pair[1].GetInt32()))]),
            "LogitNormalization" => new NormalizationProcessor(),
            "HammingDiversityLogitsProcessor" => Diversity(arguments),
            _ => throw new NotSupportedException(name),
        };
    }

    private static DiversityProcessor Diversity(JsonElement arguments)
    {
        var processor = new DiversityProcessor(
            arguments.GetProperty("diversity_penalty").GetDouble(), arguments.GetProperty("num_beams").GetInt32(),
            arguments.GetProperty("num_beam_groups").GetInt32());
        processor.BeginGroup(
            arguments.GetProperty("beam_group_idx").GetInt32(), [.. Ints(arguments.GetProperty("current_tokens")).Select(id => (long)id)]);
        return processor;
    }

    private static List<long[]> Inputs() =>
        [.. Golden.GetProperty("encoder_input_ids").EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt64()).ToArray())];

    private static int[] Ints(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(id => id.GetInt32())],
        JsonValueKind.Number => [value.GetInt32()],
        _ => [],
    };

    private static float[] Numbers(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
        && list[0].ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().SelectMany(Numbers)]
            : [.. list.EnumerateArray().Select(Single)];

    private static float Single(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetSingle()
        : value.GetString() switch { "Infinity" => float.PositiveInfinity, "-Infinity" => float.NegativeInfinity, _ => float.NaN };
}
