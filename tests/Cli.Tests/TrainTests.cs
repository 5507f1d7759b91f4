using System.Diagnostics;
using System.Text.Json;

namespace NativeTrainer.Cli.Tests;

/// <summary>Whole trainings, compared with a recorded run of Hugging Face's Trainer on the same files.</summary>
public class TrainTests
{
    private string _out = "";

    [SetUp]
    public void MakeFolder() => _out = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_out, recursive: true);

    [Test]
    public void Text_gives_the_losses_of_the_recorded_run_and_a_whole_folder()
    {
        string[] extra = ["--test_file", "text-eval.txt", "--max_predict_samples", "2", "--sample_prompt", "First Citizen:"];
        var (exitCode, output, error) = Command.Run(Command.Goldens, ["train", "args.json", "--output_dir", _out, .. extra]);
        Assert.That(exitCode, Is.Zero, error);
        var expected = Read(Path.Combine(Command.Goldens, "expected.json"));
        var state = Read(Path.Combine(_out, "trainer_state.json"));
        var results = Read(Path.Combine(_out, "all_results.json"));
        Assert.Multiple(() =>
        {
            foreach (var (found, wanted) in state.GetProperty("log_history").EnumerateArray()
                .Zip(expected.GetProperty("log_history").EnumerateArray()))
            {
                if (!wanted.TryGetProperty("loss", out var loss)) continue;
                Assert.That(found.GetProperty("step").GetInt32(), Is.EqualTo(wanted.GetProperty("step").GetInt32()));
                Assert.That(found.GetProperty("loss").GetDouble(), Is.EqualTo(loss.GetDouble()).Within(1.5e-4),
                    $"loss at step {wanted.GetProperty("step")}");
            }
            Assert.That(Number(results, "train_loss"), Is.EqualTo(Number(expected, "train_loss")).Within(1e-4));
            Assert.That(Number(results, "eval_loss"), Is.EqualTo(Number(expected.GetProperty("final_eval"), "eval_loss")).Within(1e-4));
            Assert.That(Number(results, "perplexity"), Is.EqualTo(Math.Exp(Number(results, "eval_loss"))).Within(1e-9));
            Assert.That(Number(state, "total_flos"), Is.EqualTo(Number(expected, "total_flos")));
            Assert.That(output, Does.Contain("***** train metrics *****").And.Contain("***** eval metrics *****")
                .And.Contain("  train_samples "));
            Assert.That(output.TrimEnd()[^400..], Does.Contain("First Citizen:"));
            var first = output.Split('\n').First(line => line.StartsWith("{'loss'", StringComparison.Ordinal));
            Assert.That(first, Is.EqualTo("{'loss': 6.2182, 'learning_rate': 0.00098, 'epoch': 0.01}"));
            foreach (var name in new[]
            {
                "model.safetensors", "config.json", "generation_config.json", "tokenizer.json", "train_results.json", "eval_results.json",
                    "loss.png",
            })
            {
                Assert.That(new FileInfo(Path.Combine(_out, name)), Has.Property("Exists").True, name);
            }
            var rows = File.ReadLines(Path.Combine(_out, "predictions.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("logits"));
            Assert.That(rows.Select(r => (r.GetArrayLength(), r[0].GetArrayLength())), Is.EqualTo(new[] { (32, 512), (32, 512) }));
        });

        var (_, continued, _) = Command.Run(_out, "generate", ".", "First Citizen:", "--max_new_tokens", "8", "--seed", "1");
        Assert.That(continued, Does.StartWith("First Citizen:").And.Length.GreaterThan("First Citizen:".Length + 1));
    }

    [Platform(Exclude = "Win", Reason = "signals are sent by kill")]
    [TestCase("-INT", 130)]
    [TestCase("-TERM", 143)]
    public void A_signal_saves_a_checkpoint_from_which_the_same_command_goes_on(string signal, int exitCode)
    {
        string[] words = ["train", "args.json", "--output_dir", _out, "--max_steps", "1000000", "--logging_steps", "1"];
        using (var process = Command.Start(Command.Goldens, words))
        {
            var output = process.StandardOutput;
            while (output.ReadLine() is { } line && !line.StartsWith("{'loss'", StringComparison.Ordinal)) { }
            Process.Start("kill", [signal, $"{process.Id}"]).WaitForExit();
            var rest = output.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.EqualTo(exitCode));
            Assert.That(rest, Does.Contain("go on with: nativetrainer train args.json").And.Contain("--resume_from_checkpoint"));
        }
        var checkpoint = Directory.GetDirectories(_out).Single();
        var step = int.Parse(checkpoint.Split('-')[^1]);
        Assert.That(File.Exists(Path.Combine(_out, "model.safetensors")), Is.False,
            "a training that was stopped leaves a checkpoint, not a model");

        words[5] = $"{step + 2}";
        var (code, again, error) = Command.Run(Command.Goldens, words);
        Assert.That(code, Is.Zero, error);
        Assert.That(again, Does.Contain($"going on from {checkpoint}"));
        Assert.That(Read(Path.Combine(_out, "trainer_state.json")).GetProperty("global_step").GetInt32(), Is.EqualTo(step + 2));
    }

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
