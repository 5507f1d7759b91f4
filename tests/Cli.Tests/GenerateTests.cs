using System.Globalization;
using System.Text.Json;

namespace NativeTrainer.Cli.Tests;

/// <summary>Files of prompts: lines of JSON with the sequences that Hugging Face returns, and what bad rows and options are told.</summary>
public class GenerateTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("gpt2-trained-tiny", "rows end early and are padded", "1")]
    [TestCase("gpt2-trained-tiny", "rows end early and are padded", "3")]
    [TestCase("gpt2-trained-tiny", "eos list of three: four times as many candidates as beams", "2")]
    [TestCase("gpt2-trained-tiny", "seed 3, typical_p, three each", "2")]
    [TestCase("t5-trained-tiny", "beams 4, length_penalty -1.0, early_stopping never", "2")]
    [TestCase("t5-trained-tiny", "decoder_input_ids", "2")]
    public void Sequences_are_Hugging_Faces(string model, string name, string batchSize)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Command.Goldens, "generation", model + ".json")));
        var entry = golden.RootElement.GetProperty("cases").EnumerateArray().First(e => e.GetProperty("name").GetString() == name);
        var inputs = golden.RootElement.GetProperty("inputs").GetProperty(entry.GetProperty("inputs").GetString()!);
        var prompts = Rows(inputs.GetProperty("input_ids")).Zip(Rows(inputs.GetProperty("attention_mask")),
            (ids, mask) => ids.Where((_, i) => mask[i] == 1).ToArray()).ToArray();
        var started = inputs.TryGetProperty("decoder_input_ids", out var given) ? Rows(given) : null;
        Write("prompts.jsonl", string.Join('\n', prompts.Select((ids, i) => JsonSerializer.Serialize(started is null
            ? new Dictionary<string, long[]> { ["input_ids"] = ids }
            : new Dictionary<string, long[]> { ["input_ids"] = ids, ["decoder_input_ids"] = started[i] }))));
        List<string> flags = ["--batch_size", batchSize];
        foreach (var option in entry.GetProperty("kwargs").EnumerateObject()) flags.Add($"--{option.Name}={option.Value}");
        if (entry.TryGetProperty("seed", out var seed)) flags.AddRange(["--seed", seed.ToString()]);

        var lines = Generate(model, [.. flags]);

        var sequences = Rows(entry.GetProperty("sequences"));
        Assert.That(lines, Has.Length.EqualTo(sequences.Length));
        for (var row = 0; row < lines.Length; row++)
        {
            var ids = lines[row].GetProperty("output_ids").EnumerateArray().Select(id => id.GetInt64()).ToArray();
            var expected = sequences[row].AsEnumerable();
            if (model.StartsWith("gpt2", StringComparison.Ordinal))
            {
                // The recording is of a padded batch: its prompts without the padding in front.
                var prompt = prompts[row / (lines.Length / prompts.Length)];
                expected = sequences[row][(prompts.Max(p => p.Length) - prompt.Length)..];
            }
            Assert.That(ids, Is.EqualTo(expected.Take(ids.Length)), $"row {row}");
            Assert.That(expected.Skip(ids.Length).Distinct().Count(), Is.LessThan(2), "nothing but padding is left out");
            if (!entry.TryGetProperty("sequences_scores", out var scores)) continue;
            Assert.That(lines[row].GetProperty("score").GetSingle(), Is.EqualTo(scores[row].GetSingle()).Within(1e-3).Percent);
        }
    }

    [Test]
    public void A_configuration_from_a_file_and_scores_of_tokens()
    {
        Write("prompts.jsonl", "{\"input_ids\": [87, 104]}\n\n{\"input_ids\": [84, 104, 101]}");
        Write("other.json", "{\"max_new_tokens\": 5, \"eos_token_id\": -1, \"pad_token_id\": 0, \"num_beams\": 2}");
        var lines = Generate("gpt2-trained-tiny", "--generation_config", Path.Combine(_folder, "other.json"), "--output_scores");
        Assert.That(lines, Has.Length.EqualTo(2));
        foreach (var line in lines)
        {
            var sum = line.GetProperty("transition_scores").EnumerateArray().Sum(score => score.GetDouble());
            Assert.That(line.GetProperty("transition_scores").GetArrayLength(), Is.EqualTo(5));
            Assert.That(line.GetProperty("score").GetDouble(), Is.EqualTo(sum / 5).Within(1e-4));
        }
    }

    [TestCase("{\"input_ids\": [1, 256]}", "", "prompts.jsonl, row 2: input_ids has 256, expected ids from 0 to 255")]
    [TestCase("{\"input_ids\": []}", "", "row 2: input_ids is empty, expected at least one id")]
    [TestCase("{\"text\": \"\"}", "", "row 2: text is empty, expected some")]
    [TestCase("{\"text\": \"we\"}", "", "row 2: has text, but the model's folder has no tokenizer; set tokenizer_name, or give input_ids")]
    [TestCase("{\"labels\": [1]}", "", "row 2: has labels, expected text or input_ids")]
    [TestCase("{\"input_ids\": \"we\"}", "", "row 2: input_ids is \"we\", expected a list of whole numbers")]
    [TestCase("[1]", "", "row 2: is no JSON object")]
    [TestCase("LONG", "", "row 2: the prompt has 65 tokens, expected at most 64, the model's positions")]
    [TestCase("", "--max_new_tokens 80", "more than n_positions, which is 64")]
    [TestCase("", "--num_beam 2", "is short for several flags: --num_beams, --num_beam_groups")]
    [TestCase("", "--num_beems 2", "--num_beems is unknown; the nearest known flag is --num_beams")]
    [TestCase("", "--num_beams 4 --num_beam_groups 2", "diversity_penalty is 0.0, expected more than 0.0, since num_beam_groups is not 1")]
    [TestCase("", "--num_beams 2 --num_return_sequences 3", "num_return_sequences is 3, expected at most num_beams, which is 2")]
    [TestCase("", "--num_return_sequences 2", "num_return_sequences is 2, expected 1, since greedy search finds one row")]
    [TestCase("", "--temperature warm", "temperature is \"warm\", expected a number")]
    [TestCase("", "--do_sample --temperature 0", "temperature is 0.0, expected a number above 0")]
    [TestCase("", "--do_sample --top_k -1", "top_k is -1, expected a whole number from 0 on")]
    [TestCase("", "--bad_words_ids [[300]]", "bad_words_ids names token 300, expected one of the vocabulary's 256")]
    [TestCase("", "--force_words_ids [[3]]", "force_words_ids is [[3]], expected null")]
    [TestCase("", "--early_stopping always", "early_stopping is \"always\", expected true, false or \"never\"")]
    [TestCase("", "--batch_size 0", "batch_size is 0, expected a whole number from 1 up")]
    [TestCase("", "--prompt_file nowhere.jsonl", "prompt_file is \"nowhere.jsonl\", expected a file that exists")]
    [TestCase("", "--generation_config nowhere.json", "nowhere.json: no such file")]
    public void What_is_wrong_is_said_in_one_line(string row, string flags, string expected)
    {
        if (row == "LONG") row = $"{{\"input_ids\": [{string.Join(',', Enumerable.Repeat(7, 65))}]}}";
        Write("prompts.jsonl", "{\"input_ids\": [87, 104]}\n" + row);
        List<string> words = ["generate", "--model_name_or_path", Model("gpt2-trained-tiny"), "--eos_token_id", "-1", "--pad_token_id", "0"];
        if (!flags.Contains("prompt_file", StringComparison.Ordinal)) words.AddRange(["--prompt_file", Path.Combine(_folder, "prompts.jsonl")]);
        if (!flags.Contains("max_new_tokens", StringComparison.Ordinal)) words.AddRange(["--max_new_tokens", "2"]);
        var (exitCode, output, error) = Command.Run(_folder, [.. words, .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.That((exitCode, output), Is.EqualTo((2, "")), error);
        var line = error.TrimEnd().Split('\n').Single(text => !text.Contains("warning:", StringComparison.Ordinal));
        Assert.That(line, Does.StartWith("nativetrainer: error: ").And.Contain(expected));
    }

    private static string Model(string name) => Path.Combine(Command.Goldens, "models", name);

    private static long[][] Rows(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt64()).ToArray())];

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private JsonElement[] Generate(string model, params string[] flags)
    {
        var (exitCode, output, error) = Command.Run(
            _folder, ["generate", "--model_name_or_path", Model(model), "--prompt_file", Path.Combine(_folder, "prompts.jsonl"), .. flags]);
        Assert.That(exitCode, Is.Zero, string.Create(CultureInfo.InvariantCulture, $"{error}"));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
