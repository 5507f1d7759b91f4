namespace NativeTrainer.Cli.Tests;

/// <summary>Bad input of the tasks: what the one line says, and that nothing is written.</summary>
public class TaskBadInputTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("""{"input_ids": [2, 5, 3], "label": 1}|{"input_ids": [2, 3], "label": 3}""", "--config_overrides num_labels=3",
        "rows.jsonl:2: row 1 has the label 3 in label, expected one from 0 to 2 (num_labels 3)")]
    [TestCase("""{"input_ids": [2, 5, 3], "label": -1}""", "", "row 0 has the label -1 in label, expected one from 0 to 1")]
    [TestCase("""{"input_ids": [2, 5, 3], "label": 0.5}""", "--config_overrides num_labels=3", "has numbers with a fraction in label, expected classes")]
    [TestCase("""{"input_ids": [2, 5, 3], "label": [1, 0, 1]}|{"input_ids": [2], "label": [1]}""", "",
        "row 1 has a list of whole numbers of 1 in label, expected 3 numbers, one for each class")]
    [TestCase("""{"input_ids": [2, 800], "label": 0}""", "", "row 0 has 800 at position 1 of input_ids, expected ids from 0 to 799 (vocab_size 800)")]
    [TestCase("""{"input_ids": [], "label": 0}""", "", "row 0 has")]
    [TestCase("""{"input_ids": [2, 3], "attention_mask": [1], "label": 0}""", "", "row 0 has 1 values in attention_mask and 2 in input_ids")]
    [TestCase("""{"input_ids": [2, 3], "token_type_ids": [0, 2], "label": 0}""", "", "row 0 has 2 at position 1 of token_type_ids, expected numbers from 0 to 1")]
    [TestCase("""{"input_ids": [2, 3]}""", "", "has the columns input_ids, expected label or labels; set label_column_name")]
    [TestCase("""{"text": "fine", "label": 0}|{"text": " ", "label": 1}""", "", "row 1 has an empty text in text, expected some text")]
    [TestCase("""{"body": "fine", "label": 0}""", "", "has the columns body, label, expected text or sentence or sentence1 or premise; set text_column_name")]
    [TestCase("""{"text": "fine", "label": 0}""", "--text_column_name body", "has no column body, which text_column_name names, only text, label")]
    [TestCase("""{"text": "fine", "label": 0}""", "--metric mse", "metric is \"mse\", expected accuracy, f1, f1_macro, which fit classification")]
    [TestCase("""{"text": "fine", "label": 0.5}""", "--metric accuracy", "metric is \"accuracy\", expected mse, which fit regression")]
    [TestCase("""{"text": "fine", "label": 0}""", "--max_seq_length 129", "max_seq_length is 129, expected at most 128, the model's positions")]
    [TestCase("""{"text": "fine", "label": 0}""", "--config_overrides vocab_size=100", "is a tokenizer of 441 tokens, expected at most the model's vocab_size 100")]
    [TestCase("""{"text": "fine", "label": 0}""", "--block_size 8", "block_size is 8, which is not supported: task sequence-classification has none")]
    [TestCase("""{"text": "fine", "label": 0}""", "--doc_stride 8", "it belongs to question-answering")]
    [TestCase("""{"text": "fine", "label": 0}""", "--predict_with_generate", "it belongs to seq2seq")]
    [TestCase("""{"tokens": ["a", "b"], "tags": ["O"]}""", "--task token-classification", "row 0 has 1 labels in tags, expected a list of 2, one for each word")]
    [TestCase("""{"input_ids": [2, 3], "labels": [-100, 4]}""", "--task token-classification --config_overrides num_labels=4",
        "row 0 has 4 at position 1 of labels, expected -100 or a label from 0 to 3 (num_labels 4)")]
    [TestCase("""{"question": "q", "context": "a b", "answers": {"text": ["b"], "answer_start": [1]}}""", "--task question-answering",
        "row 0 says the answer is at 1, where \" \" stands, expected \"b\"")]
    [TestCase("""{"question": "q", "context": "a b"}""", "--task question-answering", "expected answers with lists text and answer_start")]
    [TestCase("""{"input_ids": [2, 3]}""", "--task masked-lm --tokenizer_name BYTES", "tokenizer_name has no mask_token, expected one")]
    [TestCase("""{"source": "a"}""", "--task seq2seq --config_name examples/small-t5", "has the columns source, expected target or summary or highlights; set summary_column")]
    [TestCase("""{"source": "a", "target": "b"}""", "--task seq2seq --config_name examples/small-t5 --metric rouge-l",
        "metric is \"rouge-l\", expected predict_with_generate too")]
    [TestCase("""{"source": "a", "target": "b"}""", "--task seq2seq", "task is \"seq2seq\", expected one that bert does")]
    public void Says_what_is_wrong_and_writes_nothing(string rows, string flags, string expected)
    {
        var file = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllText(file, rows.Replace('|', '\n') + "\n");
        string[] words =
        [
            "train", "--task", "sequence-classification", "--config_name", Example("small-bert"), "--tokenizer_name", Example("word-tokenizer"),
            "--output_dir", Path.Combine(_folder, "out"), "--train_file", file, "--max_steps", "1",
            .. flags.Replace("BYTES", Example("byte-tokenizer")).Replace("examples/small-t5", Example("small-t5"))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];
        var error = Assert.Catch(() => CommandLine.Execute(words))!;
        Assert.That(error.Message, Does.Contain(expected));
        Assert.That(CommandLine.IsBadInput(error), $"{error.GetType()} is no bad input: {error.Message}");
        Assert.That(Directory.EnumerateFileSystemEntries(_folder), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void Text_needs_a_tokenizer()
    {
        var file = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllText(file, """{"text": "fine", "label": 0}""");
        string[] words =
        [
            "train", "--task", "sequence-classification", "--config_name", Example("small-bert"), "--output_dir", Path.Combine(_folder, "out"),
            "--train_file", file,
        ];
        Assert.That(() => CommandLine.Execute(words), Throws.TypeOf<InvalidDataException>().With.Message.Contains("which needs a tokenizer: set tokenizer_name"));
    }

    private static string Example(string name) => Path.Combine(Command.Goldens, "examples", name);
}
