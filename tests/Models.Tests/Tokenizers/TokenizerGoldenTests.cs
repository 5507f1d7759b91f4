using System.Text;
using System.Text.Json;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Models.Tests.Tokenizers;

/// <summary>Ids and decoded text of Hugging Face's tokenizers for 129 texts that tokenizers trip over.</summary>
public class TokenizerGoldenTests
{
    private static readonly string Goldens = Path.Combine(AppContext.BaseDirectory, "Goldens", "tokenizers");
    private static readonly Lazy<string> Gpt2Folder = new(MakeGpt2Folder);

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    [TestCase("wordpiece")]
    [TestCase("unigram")]
    public void Describes_itself(string name)
    {
        var tokenizer = Load(name);
        var golden = Rows(name, "tokenizer").Single();
        var ids = golden.GetProperty("special_ids");
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.VocabSize, Is.EqualTo(golden.GetProperty("vocab_size").GetInt32()));
            Assert.That(tokenizer.Length, Is.EqualTo(golden.GetProperty("len").GetInt32()));
            Assert.That(tokenizer.ModelMaxLength,
                Is.EqualTo(golden.GetProperty("model_max_length") is { ValueKind: JsonValueKind.Number } n ? n.GetInt32() : (int?)null));
            var special = tokenizer.SpecialTokens;
            foreach (var (name, token) in new[] { ("bos", special.Bos), ("eos", special.Eos), ("unk", special.Unk), ("pad", special.Pad),
                ("sep", special.Sep), ("cls", special.Cls), ("mask", special.Mask) })
            {
                Assert.That(token?.Id, Is.EqualTo(ids.TryGetProperty(name + "_token", out var id) ? id.GetInt32() : (int?)null), name);
            }
            Assert.That(tokenizer.PaddingSide, Is.EqualTo(golden.GetProperty("padding_side").GetString()));
            Assert.That(tokenizer.TruncationSide, Is.EqualTo(golden.GetProperty("truncation_side").GetString()));
            Assert.That(tokenizer.ModelInputNames, Is.EqualTo(golden.GetProperty("model_input_names").Deserialize<string[]>()));
            Assert.That(new[] { tokenizer.NumSpecialTokensToAdd(false), tokenizer.NumSpecialTokensToAdd(true) },
                Is.EqualTo(golden.GetProperty("num_special_tokens_to_add").Deserialize<int[]>()));
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    [TestCase("wordpiece")]
    [TestCase("unigram")]
    public void Encodes_as_Hugging_Face(string name)
    {
        var tokenizer = Load(name);
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "text"))
            {
                var text = row.GetProperty("text").GetString()!;
                var about = row.GetProperty("text").GetRawText();
                var bare = row.TryGetProperty("ids_bare", out var without) ? without.Deserialize<int[]>() : Ids(row);
                Assert.That(tokenizer.Encode(text), Is.EqualTo(Ids(row)), $"ids of {about}");
                Assert.That(tokenizer.Encode(text, addSpecialTokens: false), Is.EqualTo(bare), $"ids_bare of {about}");
                var all = tokenizer.Encode(text, new EncodingOptions());
                Assert.That(all.Ids, Is.EqualTo(Ids(row)), $"ids with offsets of {about}");
                Assert.That(all.Tokens, Is.EqualTo(row.GetProperty("tokens").Deserialize<string[]>()), $"tokens of {about}");
                Assert.That(Offsets(all), Is.EqualTo(row.GetProperty("offsets").Deserialize<int[][]>()), $"offsets of {about}");
                Assert.That(all.WordIds, Is.EqualTo(row.GetProperty("word_ids").Deserialize<int?[]>()), $"word_ids of {about}");
                Assert.That(all.SpecialTokensMask, Is.EqualTo(Optional(row, "special_tokens_mask", all.Length)), $"mask of {about}");
                Assert.That(all.TypeIds, Is.EqualTo(Optional(row, "token_type_ids", all.Length)), $"type ids of {about}");
            }
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    [TestCase("wordpiece")]
    [TestCase("unigram")]
    public void Decodes_as_Hugging_Face(string name)
    {
        var tokenizer = Load(name);
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "text"))
            {
                foreach (var (key, skip, clean) in new[] { ("decoded", false, false), ("decoded_skip", true, false),
                    ("decoded_clean", false, true), ("decoded_skip_clean", true, true) })
                {
                    var expected = row.TryGetProperty(key, out var own) ? own : row.GetProperty("decoded");
                    Assert.That(tokenizer.Decode(Ids(row), skip, clean), Is.EqualTo(expected.GetString()),
                        $"{key} of {row.GetProperty("text").GetRawText()}");
                }
            }
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    [TestCase("wordpiece")]
    [TestCase("unigram")]
    public void A_stream_gives_the_whole_text_and_no_half_characters(string name)
    {
        var tokenizer = Load(name);
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "text"))
            {
                var stream = new TextStream(tokenizer, skipSpecialTokens: false);
                var pieces = Ids(row).Select(stream.Add).ToList();
                pieces.Add(stream.Finish());
                var decoded = row.GetProperty("decoded").GetString()!;
                Assert.That(string.Concat(pieces), Is.EqualTo(decoded));
                if (!decoded.Contains('\uFFFD')) Assert.That(pieces, Has.None.Contains("\uFFFD"), row.GetProperty("text").GetRawText());
            }
        });
    }

    [TestCase("bytelevel-bpe")]
    [TestCase("gpt2")]
    [TestCase("wordpiece")]
    [TestCase("unigram")]
    public void Makes_batches_as_Hugging_Face(string name)
    {
        var plain = Load(name);
        var padding = name == "gpt2" ? LoadGpt2WithPadding() : plain;
        Assert.Multiple(() =>
        {
            foreach (var row in Rows(name, "call"))
            {
                var about = row.GetProperty("name").GetString();
                var tokenizer = about == "padding without a pad token" ? plain : padding;
                var (inputs, options) = (Inputs(row), Options(row));
                if (row.TryGetProperty("error", out _))
                {
                    Assert.That(() => tokenizer.EncodeBatch(inputs, options), Throws.ArgumentException, about);
                    continue;
                }
                var batch = tokenizer.EncodeBatch(inputs, options);
                var output = row.GetProperty("out");
                Column("input_ids", e => e.Ids);
                Column("token_type_ids", e => e.TypeIds);
                Column("attention_mask", e => e.AttentionMask);
                Column("special_tokens_mask", e => e.SpecialTokensMask);
                Column("offset_mapping", Offsets);
                if (output.TryGetProperty("overflow_to_sample_mapping", out var samples))
                    Assert.That(batch.OverflowToSampleMapping, Is.EqualTo(samples.Deserialize<int[]>()), about);
                Assert.That(batch.Encodings.Select(e => e.WordIds), Is.EqualTo(row.GetProperty("word_ids").Deserialize<int?[][]>()), about);
                Assert.That(
                    batch.Encodings.Select(e => e.SequenceIds), Is.EqualTo(row.GetProperty("sequence_ids").Deserialize<int?[][]>()), about);

                void Column<T>(string column, Func<TextEncoding, IReadOnlyList<T>> values)
                {
                    if (!output.TryGetProperty(column, out var expected)) return;
                    Assert.That(batch.Encodings.Select(values), Is.EqualTo(expected.Deserialize<T[][]>()), $"{column} of {about}");
                }
            }
        });
    }

    [Test]
    public void The_example_of_the_documentation()
    {
        var tokenizer = Load("wordpiece");
        var batch = tokenizer.EncodeBatch(
            [("a question", "its context"), ("another", "with more context")],
            new EncodingOptions
            {
                Padding = PaddingStrategy.MaxLength,
                Truncation = TruncationStrategy.OnlySecond,
                MaxLength = 32,
                Stride = 8,
                ReturnOverflowingTokens = true,
            });
        Assert.That(batch.Encodings.Select(row => row.Length), Is.All.EqualTo(32));
    }

    private static EncodingInput[] Inputs(JsonElement row)
    {
        var isSplit = row.GetProperty("arguments").TryGetProperty("is_split_into_words", out _);
        return [.. row.GetProperty("texts").EnumerateArray().Select(text => isSplit ? EncodingInput.Words(text.Deserialize<string[]>()!)
            : row.GetProperty("pairs").GetBoolean() ? (text[0].GetString()!, text[1].GetString()!)
            : (EncodingInput)text.GetString()!)];
    }

    private static EncodingOptions Options(JsonElement row)
    {
        var options = new EncodingOptions();
        foreach (var argument in row.GetProperty("arguments").EnumerateObject().Concat(row.GetProperty("settings").EnumerateObject()))
        {
            var value = argument.Value;
            options = argument.Name switch
            {
                "add_special_tokens" => options with { AddSpecialTokens = value.GetBoolean() },
                "max_length" => options with { MaxLength = value.GetInt32() },
                "stride" => options with { Stride = value.GetInt32() },
                "pad_to_multiple_of" => options with { PadToMultipleOf = value.GetInt32() },
                "return_overflowing_tokens" => options with { ReturnOverflowingTokens = value.GetBoolean() },
                "padding_side" => options with { PaddingSide = value.GetString() },
                "truncation_side" => options with { TruncationSide = value.GetString() },
                "padding" => options with
                {
                    Padding = value.ValueKind == JsonValueKind.True ? PaddingStrategy.Longest : PaddingStrategy.MaxLength,
                },
                "truncation" => options with
                {
                    Truncation = value.ValueKind == JsonValueKind.True ? TruncationStrategy.LongestFirst : value.GetString() switch
                    {
                        "longest_first" => TruncationStrategy.LongestFirst,
                        "only_first" => TruncationStrategy.OnlyFirst,
                        _ => TruncationStrategy.OnlySecond,
                    },
                },
                _ => options, // what to return, which is always there
            };
        }
        return options;
    }

    private static ITokenizer LoadGpt2WithPadding()
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "gpt2-tokenizer-padding");
        Directory.CreateDirectory(folder);
        foreach (var file in new[] { "vocab.json", "merges.txt" })
            File.Copy(Path.Combine(Gpt2Folder.Value, file), Path.Combine(folder, file), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"),
            """{"tokenizer_class": "GPT2Tokenizer", "pad_token": "<|endoftext|>"}""");
        return Tokenizer.FromPretrained(folder);
    }

    private static ITokenizer Load(string name) =>
        Tokenizer.FromPretrained(name == "gpt2" ? Gpt2Folder.Value : Path.Combine(Goldens, name));

    private static int[][] Offsets(TextEncoding encoding) => [.. encoding.Offsets.Select(o => new[] { o.Start, o.End })];

    private static int[] Optional(JsonElement row, string name, int length) =>
        row.TryGetProperty(name, out var values) ? values.Deserialize<int[]>()! : new int[length];

    private static int[] Ids(JsonElement row) => [.. row.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];

    private static IEnumerable<JsonElement> Rows(string name, string kind) => File.ReadLines(Path.Combine(Goldens, name + ".golden.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(row => row.GetProperty("kind").GetString() == kind);

    /// <summary>
    /// GPT-2's vocabulary follows from its merges: bytes in the order of their characters, then the merges' tokens, then the end of text.
    /// </summary>
    private static string MakeGpt2Folder()
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "gpt2-tokenizer");
        Directory.CreateDirectory(folder);
        var merges = File.ReadAllLines(Path.Combine(Goldens, "gpt2", "merges.txt"));
        var bytes = Enumerable.Range(0, 256).Select(b => ByteLevel.Character((byte)b)).Order().Select(c => c.ToString());
        var tokens = bytes.Concat(merges.Skip(1).Where(m => m.Length > 0).Select(m => m.Replace(" ", ""))).Append("<|endoftext|>");
        var vocabulary = string.Join(",\n", tokens.Select((t, i) => $"\"{JsonEncodedText.Encode(t)}\": {i}"));
        File.WriteAllText(Path.Combine(folder, "vocab.json"), "{" + vocabulary + "}", new UTF8Encoding(false));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), merges);
        return folder;
    }
}
