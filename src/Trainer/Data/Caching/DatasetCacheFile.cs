using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>A data set in a file: its columns as tensors of a safetensors file, with a digest of all of them.</summary>
internal static class DatasetCacheFile
{
    private const string Format = "nativetrainer rows 1";

    /// <summary>Writes the rows.</summary>
    /// <exception cref="NotSupportedException">A column has nulls.</exception>
    public static void Write(string path, IDataset rows)
    {
        var (tensors, kinds) = (new Dictionary<string, Tensor>(), new List<string>());
        foreach (var column in rows.Columns)
        {
            var kind = rows.Count == 0 ? FeatureKind.Int : rows[0, column].Kind;
            kinds.Add($"{kind} {column}");
            AddColumn(tensors, rows, column, kind);
        }
        var (count, columns) = (PythonText.Whole(rows.Count), string.Join('\n', kinds));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["rows"] = count,
            ["columns"] = columns,
            ["digest"] = Digest(tensors, count + columns),
        });
    }

    /// <summary>Reads rows into memory, and checks them.</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static IDataset Read(string path)
    {
        try
        {
            return Read(path, SafetensorsFile.Open(path));
        }
        catch (Exception broken) when (broken is KeyNotFoundException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path}: is damaged: {broken.Message}", broken);
        }
    }

    private static ColumnDataset Read(string path, SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault("format") != Format) throw new InvalidDataException($"{path}: is no cache of this version");
        var tensors = file.Names.ToDictionary(name => name, name => file[name]);
        if (file.Metadata.GetValueOrDefault("digest") != Digest(tensors, file.Metadata["rows"] + file.Metadata["columns"]))
            throw new InvalidDataException($"{path}: is damaged");
        var columns = new List<(string, DataColumn)>();
        foreach (var line in file.Metadata["columns"].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (kind, name) = (Enum.Parse<FeatureKind>(line[..line.IndexOf(' ')]), line[(line.IndexOf(' ') + 1)..]);
            columns.Add((name, Column(tensors, name, kind)));
        }
        return new ColumnDataset(int.Parse(file.Metadata["rows"], null), columns);
    }

    private static void AddColumn(Dictionary<string, Tensor> tensors, IDataset rows, string column, FeatureKind kind)
    {
        List<int> ints = [], starts = [0];
        var (floats, bytes, wholes, reals) = (new List<float>(), new List<byte>(), new List<long>(), new List<double>());
        for (var row = 0; row < rows.Count; row++)
        {
            var value = rows[row, column];
            if (value.Kind != kind)
            {
                throw new NotSupportedException(
                    $"row {row} has {value.Kind} in {column} and the first row {kind}; a cache keeps columns of one kind");
            }
            switch (kind)
            {
                case FeatureKind.Ints: ints.AddRange(value.Ints); break;
                case FeatureKind.Floats: floats.AddRange(value.Floats); break;
                case FeatureKind.Text: bytes.AddRange(Encoding.UTF8.GetBytes(value.Text)); break;
                case FeatureKind.Int or FeatureKind.Bool: wholes.Add(value.Int); break;
                case FeatureKind.Float: reals.Add(value.Number); break;
                default: throw new NotSupportedException($"a cache keeps no {kind}, found in {column}");
            }
            starts.Add(ints.Count + floats.Count + bytes.Count);
        }
        tensors[column + ".values"] = kind switch
        {
            FeatureKind.Ints => Of<int>(ints),
            FeatureKind.Floats => Of<float>(floats),
            FeatureKind.Text => Of<byte>(bytes),
            FeatureKind.Float => Of<double>(reals),
            _ => Of<long>(wholes),
        };
        if (kind is FeatureKind.Ints or FeatureKind.Floats or FeatureKind.Text) tensors[column + ".starts"] = Of<int>(starts);
    }

    private static Tensor Of<T>(List<T> values)
        where T : unmanaged => Tensor.From<T>(CollectionsMarshal.AsSpan(values), [values.Count]);

    private static DataColumn Column(Dictionary<string, Tensor> tensors, string name, FeatureKind kind)
    {
        var values = tensors[name + ".values"];
        int[] Starts() => tensors[name + ".starts"].ToArray<int>();
        switch (kind)
        {
            case FeatureKind.Ints: return new IntsColumn(values.ToArray<int>(), Starts());
            case FeatureKind.Floats: return new FloatsColumn(values.ToArray<float>(), Starts());
            case FeatureKind.Float: return new NumbersColumn(values.ToArray<double>(), areWhole: false);
            case FeatureKind.Int: return new WholeNumbersColumn(values.ToArray<long>());
            case FeatureKind.Bool: return new BoolsColumn(values.ToArray<long>());
            default:
                var (bytes, starts) = (values.ToArray<byte>(), Starts());
                return new TextColumn([.. Enumerable.Range(0, starts.Length - 1)
                    .Select(row => Encoding.UTF8.GetString(bytes, starts[row], starts[row + 1] - starts[row]))]);
        }
    }

    private static string Digest(Dictionary<string, Tensor> tensors, string said)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(said));
        foreach (var (name, tensor) in tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(name));
            hash.Append(tensor.DType switch
            {
                DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
                DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
                DType.UInt8 => tensor.AsSpan<byte>(),
                DType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
                _ => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
            });
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
