namespace NativeTrainer.Cli.Tests;

/// <summary>Bad input: what the one line says, and that nothing is written.</summary>
public class BadInputTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        Write("good.jsonl", """{"input_ids": [1, 2, 3]}""");
        Write("text.txt", "Some text that is long enough for a block or two.\n");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("--lerning_rate 1", "--lerning_rate is unknown; the nearest known flag is --learning_rate")]
    [TestCase("--learning_rate fast", "learning_rate is \"fast\", expected a number")]
    [TestCase("--train_file FOLDER/missing.txt", "train_file: there is no file FOLDER/missing.txt")]
    [TestCase("--train_file FOLDER/*.missing", "train_file: no file matches FOLDER/*.missing")]
    [TestCase("--train_file FOLDER/empty.txt", "train_file: FOLDER/empty.txt is empty")]
    [TestCase("--train_file FOLDER/noids.jsonl", "FOLDER/noids.jsonl:2: row 1 has no input_ids")]
    [TestCase("--train_file FOLDER/bigid.jsonl",
        "FOLDER/bigid.jsonl:1: row 0 has 256 at position 1 of input_ids, expected ids from 0 to 255 (vocab_size 256)")]
    [TestCase("--train_file FOLDER/text.txt", "FOLDER/text.txt is text, which needs a tokenizer: set tokenizer_name")]
    [TestCase("--train_file FOLDER/latin.txt --tokenizer_name TOKENIZER", "FOLDER/latin.txt:1: byte 0xe9 at offset 3 is not UTF-8")]
    [TestCase("--block_size 65", "block_size is 65, expected at most 64")]
    [TestCase("--cpu_threads 0", "cpu_threads is 0, expected a whole number from 1 up")]
    [TestCase("--block_size 0", "block_size is 0, expected a whole number from 1 up")]
    [TestCase("--config_name FOLDER/badtype", "model_type is \"bert2\", expected one of bert, gpt2")]
    [TestCase("--config_name nowhere", "nowhere")]
    [TestCase("--config_overrides n_layers=3", "n_layers")]
    [TestCase("--model_name_or_path FOLDER/broken", "FOLDER/broken/model.safetensors: ")]
    [TestCase("--model_name_or_path nowhere", "model_name_or_path is \"nowhere\", expected a folder that exists")]
    [TestCase("--tokenizer_name nowhere", "tokenizer_name is \"nowhere\", expected a folder that exists")]
    [TestCase("--output_dir FOLDER/full",
        "output_dir is \"FOLDER/full\", which has files but no checkpoint; empty it, or set overwrite_output_dir")]
    [TestCase("--output_dir FOLDER/good.jsonl", "output_dir is the file \"FOLDER/good.jsonl\", expected a folder")]
    [TestCase("--resume_from_checkpoint FOLDER/full", "resume_from_checkpoint is \"FOLDER/full\", expected a checkpoint's folder")]
    [TestCase("--evaluation_strategy epoch", "evaluation_strategy asks for evaluations, expected a validation_file too")]
    [TestCase("--do_predict", "do_predict is true, expected a test_file too")]
    [TestCase("--validation_split_percentage 100", "validation_split_percentage is 100, expected a whole number from 1 to 99")]
    [TestCase("--shuffle_buffer_size 5", "shuffle_buffer_size is 5, expected streaming too, or it to be unset")]
    [TestCase("--train_file FOLDER/broken.csv", "FOLDER/broken.csv:2: row 0 is malformed")]
    [TestCase("--train_file FOLDER/broken.parquet", "FOLDER/broken.parquet: is no Parquet file")]
    [TestCase("--max_train_samples 0", "max_train_samples is 0, expected a whole number from 1 up")]
    [TestCase("--task translation", "task is \"translation\", expected one of causal-lm")]
    [TestCase("--torch_dtype float16", "torch_dtype is \"float16\", which is not supported")]
    [TestCase("--dataset_name wikitext", "dataset_name is \"wikitext\", which is not supported")]
    [TestCase("--metric f1", "metric is \"f1\", expected accuracy, perplexity, which fit task causal-lm")]
    [TestCase("--fp16", "fp16 is true, expected a GPU with it")]
    [TestCase("--sample_prompt x", "sample_prompt is text, expected a tokenizer for it")]
    [TestCase("--per_device_train_batch_size 0", "per_device_train_batch_size is 0, expected at least 1")]
    public void Train_says_what_is_wrong_and_writes_nothing(string flags, string expected)
    {
        Write("empty.txt", "");
        Write("noids.jsonl", """{"input_ids": [1]}""" + "\n" + """{"labels": [1]}""");
        Write("bigid.jsonl", """{"input_ids": [255, 256]}""");
        File.WriteAllBytes(Path.Combine(_folder, "latin.txt"), [(byte)'c', (byte)'a', (byte)'f', 0xE9, (byte)'\n']);
        Write("badtype/config.json", """{"model_type": "bert2"}""");
        Write("broken.csv", "input_ids,text\n1\n");
        Write("broken.parquet", "PAR1 and nothing else");
        Write("full/notes.txt", "x");
        Write("broken/config.json", File.ReadAllText(Path.Combine(Command.Goldens, "gpt2-tiny", "config.json")));
        Write("broken/model.safetensors", "not a header");
        var before = Files();
        var words = flags.Replace("TOKENIZER", Path.Combine(Command.Goldens, "bytelevel-bpe")).Replace("FOLDER", _folder).Split(' ');

        var error = Assert.Catch(() => CommandLine.Execute([.. Train(), .. words]))!;

        Assert.That(error.Message, Does.Contain(expected.Replace("FOLDER", _folder)));
        Assert.That(CommandLine.IsBadInput(error), $"{error.GetType()} is no bad input");
        Assert.That(Files(), Is.EqualTo(before));
    }

    [Test]
    public void An_error_is_one_line_on_standard_error_and_exit_code_2()
    {
        var (exitCode, output, error) = Command.Run(_folder,
            ["train", "--output_dir", "out", "--model_type", "gpt2", "--train_file", "missing.txt"]);
        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Is.EqualTo("nativetrainer: error: train_file: there is no file missing.txt" + Environment.NewLine));
        Assert.That(Directory.Exists(Path.Combine(_folder, "out")), Is.False);
    }

    [TestCase("trian", "\"trian\" is no command; the nearest is train")]
    [TestCase("env now", "\"now\" is unknown; env takes nothing")]
    [TestCase("train", "output_dir is missing")]
    [TestCase("train FOLDER/missing.json", "FOLDER/missing.json cannot be read")]
    [TestCase("train FOLDER/broken.json", "FOLDER/broken.json")]
    [TestCase("train FOLDER/unknown.json", "FOLDER/unknown.json: \"lr\" is unknown")]
    [TestCase("generate nowhere x", "model_name_or_path is \"nowhere\", expected a folder that exists")]
    [TestCase("generate", "model_name_or_path is missing")]
    public void Other_commands_say_what_is_wrong(string words, string expected)
    {
        Write("broken.json", "{");
        Write("unknown.json", """{"lr": 1}""");
        var error = Assert.Catch(() => CommandLine.Execute(words.Replace("FOLDER", _folder).Split(' ')))!;
        Assert.That(error.Message, Does.Contain(expected.Replace("FOLDER", _folder)));
        Assert.That(CommandLine.IsBadInput(error), $"{error.GetType()} is no bad input");
    }

    private string[] Train() =>
    [
        "train", "--output_dir", Path.Combine(_folder, "out"), "--config_name", Path.Combine(Command.Goldens, "gpt2-tiny"),
        "--train_file", Path.Combine(_folder, "good.jsonl"), "--max_steps", "1",
    ];

    private List<string> Files() =>
        [.. Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
