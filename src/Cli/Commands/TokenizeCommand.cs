using System.Text.Json;
using NativeTrainer.Cli.Arguments;
using NativeTrainer.Data;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Commands;

/// <summary><c>nativetrainer tokenize</c>: a JSON line for each text: its ids, tokens and offsets in code points.</summary>
internal static class TokenizeCommand
{
    private const int RowsAtOnce = 1024;

    /// <summary>Runs the command.</summary>
    /// <param name="words">The words after <c>tokenize</c>.</param>
    public static int Run(string[] words)
    {
        var args = new TokenizeArguments();
        if (!new HfArgumentParser(args).Parse(words))
        {
            Console.Write(Help.Tokenize());
            return 0;
        }
        var tokenizer = Tokenizer.FromPretrained(args.TokenizerName);
        var options = Options(args);
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        using var writer = new Utf8JsonWriter(output);
        var sample = 0;
        var rows = DatasetFiles.Read(args.TextFile, new() { TextColumns = [args.TextColumnName, args.TextPairColumnName] });
        // Rows are padded to the longest of all, so then all are needed at once.
        foreach (var batch in rows.Chunk(options.Padding == PaddingStrategy.Longest ? int.MaxValue : RowsAtOnce))
        {
            var encoded = Encode(tokenizer, [.. batch.Select(row => Input(row, args))], options, batch);
            for (var i = 0; i < encoded.Count; i++)
            {
                Write(writer, encoded[i], args, sample + encoded.OverflowToSampleMapping[i]);
                writer.Flush();
                writer.Reset();
                output.WriteByte((byte)'\n');
            }
            sample += batch.Length;
        }
        return 0;
    }

    // Where a batch is refused, its rows are tried one by one: the error names the row.
    private static BatchEncoding Encode(ITokenizer tokenizer, EncodingInput[] inputs, EncodingOptions options, DataRow[] rows)
    {
        try
        {
            return tokenizer.EncodeBatch(inputs, options);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                try
                {
                    tokenizer.EncodeBatch([inputs[i]], options);
                }
                catch (Exception one) when (one is ArgumentException or InvalidDataException)
                {
                    throw new InvalidDataException($"{rows[i].Origin}: {one.Message}", one);
                }
            }
            throw;
        }
    }

    private static EncodingInput Input(DataRow row, TokenizeArguments args)
    {
        var (first, second) = (row[args.TextColumnName], row[args.TextPairColumnName]);
        if (first.Kind is not (FeatureKind.Text or FeatureKind.Texts))
        {
            throw new InvalidDataException($"{row.Origin} has {(first.Kind == FeatureKind.None ? "no" : $"a {first.Kind} as")}"
                + $" {args.TextColumnName}, expected a text or a list of words; it has {string.Join(", ", row.Columns)}");
        }
        if (second.Kind != FeatureKind.None && second.Kind != first.Kind)
        {
            throw new InvalidDataException($"{row.Origin} has {second.Kind} as {args.TextPairColumnName} and {first.Kind} as"
                + $" {args.TextColumnName}, expected the same");
        }
        if (first.Kind == FeatureKind.Texts)
            return EncodingInput.Words(first.Texts.ToArray(), second.Kind == FeatureKind.None ? null : second.Texts.ToArray());
        return second.Kind == FeatureKind.None ? first.Text : (first.Text, second.Text);
    }

    private static EncodingOptions Options(TokenizeArguments args) => new()
    {
        AddSpecialTokens = args.AddSpecialTokens,
        Padding = args.Padding switch
        {
            "true" or "longest" => PaddingStrategy.Longest,
            "max_length" => PaddingStrategy.MaxLength,
            _ => PaddingStrategy.DoNotPad,
        },
        Truncation = args.Truncation switch
        {
            null => null,
            "true" or "longest_first" => TruncationStrategy.LongestFirst,
            "only_first" => TruncationStrategy.OnlyFirst,
            "only_second" => TruncationStrategy.OnlySecond,
            _ => TruncationStrategy.DoNotTruncate,
        },
        MaxLength = args.MaxLength,
        Stride = args.Stride,
        PadToMultipleOf = args.PadToMultipleOf,
        PaddingSide = args.PaddingSide,
        TruncationSide = args.TruncationSide,
        ReturnOverflowingTokens = args.ReturnOverflowingTokens,
    };

    private static void Write(Utf8JsonWriter writer, TextEncoding row, TokenizeArguments args, int sample)
    {
        writer.WriteStartObject();
        WriteNumbers(writer, "input_ids", row.Ids);
        if (args.ReturnTokenTypeIds) WriteNumbers(writer, "token_type_ids", row.TypeIds);
        if (args.ReturnAttentionMask) WriteNumbers(writer, "attention_mask", row.AttentionMask);
        writer.WriteStartArray("tokens");
        foreach (var token in row.Tokens) writer.WriteStringValue(token);
        writer.WriteEndArray();
        writer.WriteStartArray("offsets");
        foreach (var (start, end) in row.Offsets)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(start);
            writer.WriteNumberValue(end);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        if (args.ReturnSpecialTokensMask) WriteNumbers(writer, "special_tokens_mask", row.SpecialTokensMask);
        if (args.ReturnWordIds)
        {
            writer.WriteStartArray("word_ids");
            foreach (var word in row.WordIds)
            {
                if (word is { } number) writer.WriteNumberValue(number);
                else writer.WriteNullValue();
            }
            writer.WriteEndArray();
        }
        if (args.ReturnOverflowingTokens) writer.WriteNumber("overflow_to_sample_mapping", sample);
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<int> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
