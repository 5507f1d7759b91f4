namespace NativeTrainer.Data;

/// <summary>Rows with named columns, any of which can be had at any time: what training and evaluation draw their batches from.</summary>
/// <example><code>
/// ReadOnlySpan&lt;int&gt; tokens = dataset[7, "input_ids"].Ints;
/// </code></example>
public interface IDataset
{
    /// <summary>How many rows.</summary>
    int Count { get; }

    /// <summary>The names of the columns, in the order of the first row.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>One value; throws where there is no such row or column.</summary>
    Feature this[int row, string column] { get; }
}

/// <summary>What a <see cref="Feature"/> holds.</summary>
public enum FeatureKind : byte
{
    /// <summary>Nothing: the row lacks this column.</summary>
    None,

    /// <summary>A list of whole numbers: token ids, masks, labels of tokens.</summary>
    Ints,

    /// <summary>A list of real numbers.</summary>
    Floats,

    /// <summary>One whole number: a class.</summary>
    Int,

    /// <summary>One real number: a regression's target.</summary>
    Float,

    /// <summary>Text.</summary>
    Text,

    /// <summary>One truth value.</summary>
    Bool,

    /// <summary>A list of texts: the words of a sentence.</summary>
    Texts,
}

/// <summary>One value of one row; a view of the data set's memory.</summary>
public readonly struct Feature
{
    private readonly object? _source;
    private readonly int _offset;
    private readonly int _length;
    private readonly double _number; // of a whole number the bits

    private Feature(FeatureKind kind, object? source, int offset, int length, double number) =>
        (Kind, _source, _offset, _length, _number) = (kind, source, offset, length, number);

    /// <summary>What it holds.</summary>
    public FeatureKind Kind { get; }

    /// <summary>Whether it is a single number or truth value.</summary>
    public bool IsScalar => Kind is FeatureKind.Int or FeatureKind.Float or FeatureKind.Bool;

    /// <summary>Whether it is a list.</summary>
    public bool IsList => Kind is FeatureKind.Ints or FeatureKind.Floats or FeatureKind.Texts;

    /// <summary>The length of a list; 1 for a single number.</summary>
    public int Length => IsScalar ? 1 : _length;

    /// <summary>The whole numbers of a list.</summary>
    public ReadOnlySpan<int> Ints => Kind == FeatureKind.Ints
        ? ((int[])_source!).AsSpan(_offset, _length)
        : throw Mismatch(FeatureKind.Ints);

    /// <summary>The real numbers of a list.</summary>
    public ReadOnlySpan<float> Floats => Kind == FeatureKind.Floats
        ? ((float[])_source!).AsSpan(_offset, _length)
        : throw Mismatch(FeatureKind.Floats);

    /// <summary>A single whole number; 1 or 0 for a truth value.</summary>
    public long Int => Kind is FeatureKind.Int or FeatureKind.Bool
        ? BitConverter.DoubleToInt64Bits(_number)
        : throw Mismatch(FeatureKind.Int);

    /// <summary>A single truth value.</summary>
    public bool Bool => Kind == FeatureKind.Bool ? BitConverter.DoubleToInt64Bits(_number) != 0 : throw Mismatch(FeatureKind.Bool);

    /// <summary>A single number, whole or real; 1 or 0 for a truth value.</summary>
    public double Number => Kind == FeatureKind.Float ? _number : Int;

    /// <summary>The text.</summary>
    public string Text => Kind == FeatureKind.Text ? (string)_source! : throw Mismatch(FeatureKind.Text);

    /// <summary>The texts of a list.</summary>
    public ReadOnlySpan<string> Texts => Kind == FeatureKind.Texts
        ? ((string[])_source!).AsSpan(_offset, _length)
        : throw Mismatch(FeatureKind.Texts);

    /// <summary>A part of an array of whole numbers.</summary>
    public static Feature Of(int[] values, int offset, int length) => new(FeatureKind.Ints, values, offset, length, 0);

    /// <summary>A part of an array of real numbers.</summary>
    public static Feature Of(float[] values, int offset, int length) => new(FeatureKind.Floats, values, offset, length, 0);

    /// <summary>A single whole number.</summary>
    public static Feature Of(long value) => new(FeatureKind.Int, null, 0, 1, BitConverter.Int64BitsToDouble(value));

    /// <summary>A single real number.</summary>
    public static Feature Of(double value) => new(FeatureKind.Float, null, 0, 1, value);

    /// <summary>A single truth value.</summary>
    public static Feature Of(bool value) => new(FeatureKind.Bool, null, 0, 1, BitConverter.Int64BitsToDouble(value ? 1 : 0));

    /// <summary>A part of an array of texts.</summary>
    public static Feature Of(string[] values, int offset, int length) => new(FeatureKind.Texts, values, offset, length, 0);

    /// <summary>Text.</summary>
    public static Feature Of(string text) => new(FeatureKind.Text, text, 0, text.Length, 0);

    private InvalidOperationException Mismatch(FeatureKind asked) => new($"a feature of kind {Kind} was read as {asked}");
}
