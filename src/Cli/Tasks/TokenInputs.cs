using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Tasks;

/// <summary>The inputs that all models take, <c>input_ids</c>, <c>attention_mask</c> and <c>token_type_ids</c>, checked against the
/// model.</summary>
internal static class TokenInputs
{
    /// <summary>The label of a token that counts for no loss.</summary>
    public const int Ignored = -100;

    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids";

    /// <summary>Adds those of a row that is tokenized already; without a mask nothing is masked.</summary>
    /// <exception cref="InvalidDataException">The row does not fit the model.</exception>
    public static void Add(RowBuilder builder, TaskFile file, int row, PretrainedConfig config)
    {
        var length = file.Rows[row, Ids].Length;
        AddChecked(builder, file, row, Ids, length, value => value >= 0 && value < config.VocabSize, IdsExpected(config));
        if (length == 0) throw file.Wrong(row, $"has no tokens in {Ids}, expected one or more");
        if (length > config.MaxPositions)
            throw file.Wrong(row, $"has {length} tokens, expected at most {config.MaxPositions}, the model's positions");
        if (file.Columns.Contains(Mask)) AddChecked(builder, file, row, Mask, length, value => value is 0 or 1, "0 or 1");
        else builder.Add(Mask, Enumerable.Repeat(1, length));
        if (!file.Columns.Contains(Types)) return;
        var types = config.Knows("type_vocab_size") && config["type_vocab_size"] is long count ? count : config.VocabSize;
        AddChecked(builder, file, row, Types, length, value => value >= 0 && value < types, $"numbers from 0 to {types - 1}");
    }

    /// <summary>Adds those of a text; token types only where the model is one that tells two texts apart.</summary>
    public static void Add(RowBuilder builder, TextEncoding text, PretrainedConfig config)
    {
        builder.Add(Ids, text.Ids);
        builder.Add(Mask, text.AttentionMask);
        if (config.Knows("type_vocab_size")) builder.Add(Types, text.TypeIds);
    }

    /// <summary>Adds a column of whole numbers, each of which is checked.</summary>
    /// <param name="builder">Receives them.</param>
    /// <param name="file">The rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    /// <param name="length">How many there must be; null: any.</param>
    /// <param name="fits">Whether a value can be.</param>
    /// <param name="expected">What can be, in words.</param>
    /// <param name="name">The name under which the column is added; null: its own.</param>
    public static void AddChecked(
        RowBuilder builder, TaskFile file, int row, string column, int? length, Func<int, bool> fits, string expected, string? name = null)
    {
        var feature = file.Rows[row, column];
        if (feature.Kind != FeatureKind.Ints)
            throw file.Wrong(row, $"has {TaskFile.Spell(feature)} in {column}, expected a list of whole numbers");
        var values = feature.Ints.ToArray();
        if (length is { } wanted && values.Length != wanted)
            throw file.Wrong(row, $"has {values.Length} values in {column} and {wanted} in {Ids}, expected as many");
        for (var i = 0; i < values.Length; i++)
        {
            if (!fits(values[i])) throw file.Wrong(row, $"has {values[i]} at position {i} of {column}, expected {expected}");
        }
        builder.Add(name ?? column, values);
    }

    /// <summary>Which ids there are, in words.</summary>
    public static string IdsExpected(PretrainedConfig config) => $"ids from 0 to {config.VocabSize - 1} (vocab_size {config.VocabSize})";

    /// <summary>The greatest length of a row of text: as asked for, but no longer than the tokenizer and the model allow.</summary>
    /// <param name="option">The argument that asks.</param>
    /// <param name="asked">What it says.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="config">The model.</param>
    /// <exception cref="InvalidArgumentException">The model has fewer positions.</exception>
    public static int? MaxLength(string option, int? asked, ITokenizer tokenizer, PretrainedConfig config)
    {
        var (positions, longest) = (config.MaxPositions, tokenizer.ModelMaxLength);
        if (asked is not { } length)
        {
            return (positions, longest) switch
            {
                ({ } a, { } b) => Math.Min(a, b),
                _ => positions ?? longest,
            };
        }
        if (length > positions)
            throw new InvalidArgumentException(option, $"is {length}, expected at most {positions}, the model's positions");
        if (length <= longest || longest is null) return length;
        CommandLine.Warn($"{option} is {length}, more than the tokenizer's model_max_length: {longest} is used");
        return longest;
    }
}
