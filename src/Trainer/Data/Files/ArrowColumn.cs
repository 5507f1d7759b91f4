using Apache.Arrow;
using Apache.Arrow.Types;

namespace NativeTrainer.Data;

/// <summary>A column of Arrow record batches: where it stands, and its values.</summary>
/// <param name="name">Its name; fields of structures have dots in theirs.</param>
/// <param name="type">What it holds.</param>
/// <param name="path">The places that lead to it.</param>
internal sealed class ArrowColumn(string name, IArrowType type, int[] path)
{
    public string Name => name;

    public IArrowType Type => type;

    /// <summary>Whether it can be read: numbers, truth values, texts, lists of numbers or texts.</summary>
    public bool IsRead => type is ListType list ? IsSingle(list.ValueDataType) && list.ValueDataType.TypeId != ArrowTypeId.Boolean
        : type is LargeListType large ? IsSingle(large.ValueDataType) && large.ValueDataType.TypeId != ArrowTypeId.Boolean
        : type is FixedSizeListType sized ? IsSingle(sized.ValueDataType) && sized.ValueDataType.TypeId != ArrowTypeId.Boolean
        : IsSingle(type);

    /// <summary>The columns of a schema, fields of structures by themselves.</summary>
    public static List<ArrowColumn> All(Schema schema)
    {
        var columns = new List<ArrowColumn>();
        for (var i = 0; i < schema.FieldsList.Count; i++) Add(schema.FieldsList[i], "", [i]);
        return columns;

        void Add(Field field, string prefix, int[] path)
        {
            if (field.DataType is not StructType structure)
            {
                columns.Add(new ArrowColumn(prefix + field.Name, field.DataType, path));
                return;
            }
            for (var i = 0; i < structure.Fields.Count; i++) Add(structure.Fields[i], $"{prefix}{field.Name}.", [.. path, i]);
        }
    }

    public IArrowArray ArrayOf(RecordBatch batch)
    {
        var array = batch.Column(path[0]);
        foreach (var place in path[1..]) array = ((StructArray)array).Fields[place];
        return array;
    }

    /// <summary>The value of a row of a batch.</summary>
    public Feature Value(IArrowArray array, int row, RowOrigin origin)
    {
        if (array.IsNull(row)) return default;
        switch (array)
        {
            case ListArray list:
                return Items(list.Values, list.ValueOffsets[row], list.ValueOffsets[row + 1], origin);
            case LargeListArray large:
                return Items(large.Values, checked((int)large.ValueOffsets[row]), checked((int)large.ValueOffsets[row + 1]), origin);
            case FixedSizeListArray sized:
                var size = ((FixedSizeListType)type).ListSize;
                return Items(sized.Values, (sized.Offset + row) * size, (sized.Offset + row + 1) * size, origin);
            case BooleanArray flags:
                return Feature.Of(flags.GetValue(row)!.Value);
            case FloatArray or DoubleArray or HalfFloatArray:
                return Feature.Of(Real(array, row));
            default:
                return Text(array, row) is { } text ? Feature.Of(text) : Feature.Of(Whole(array, row));
        }
    }

    private static bool IsSingle(IArrowType type) => type is DictionaryType dictionary ? dictionary.ValueType is StringType
        : type.TypeId is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64 or ArrowTypeId.UInt8
            or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.Float or ArrowTypeId.Double or ArrowTypeId.HalfFloat
            or ArrowTypeId.Boolean or ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView;

    private Feature Items(IArrowArray items, int start, int end, RowOrigin origin)
    {
        for (var i = start; i < end; i++)
        {
            if (items.IsNull(i)) throw new InvalidDataException($"{origin} has a null in the list of {name}, expected values");
        }
        if (items is FloatArray or DoubleArray or HalfFloatArray)
        {
            var reals = new float[end - start];
            for (var i = start; i < end; i++) reals[i - start] = (float)Real(items, i);
            return Feature.Of(reals, 0, reals.Length);
        }
        if (end > start && Text(items, start) is not null || items is StringArray or LargeStringArray or StringViewArray)
        {
            var texts = new string[end - start];
            for (var i = start; i < end; i++) texts[i - start] = Text(items, i)!;
            return Feature.Of(texts, 0, texts.Length);
        }
        var wholes = new int[end - start];
        for (var i = start; i < end; i++)
        {
            var value = Whole(items, i);
            if (value is < int.MinValue or > int.MaxValue)
                throw new InvalidDataException($"{origin} has {value} in {name}, expected numbers below 2147483648");
            wholes[i - start] = (int)value;
        }
        return Feature.Of(wholes, 0, wholes.Length);
    }

    private static double Real(IArrowArray array, int place) => array switch
    {
        FloatArray single => single.Values[place],
        DoubleArray real => real.Values[place],
        _ => (double)((HalfFloatArray)array).Values[place],
    };

    private static string? Text(IArrowArray array, int place) => array switch
    {
        StringArray text => text.GetString(place),
        LargeStringArray large => large.GetString(place),
        StringViewArray view => view.GetString(place),
        DictionaryArray words => Text(words.Dictionary, checked((int)Whole(words.Indices, place))),
        _ => null,
    };

    private static long Whole(IArrowArray array, int place) => array switch
    {
        Int64Array whole => whole.Values[place],
        Int32Array whole => whole.Values[place],
        Int16Array whole => whole.Values[place],
        Int8Array whole => whole.Values[place],
        UInt8Array whole => whole.Values[place],
        UInt16Array whole => whole.Values[place],
        _ => ((UInt32Array)array).Values[place],
    };
}
