using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeTrainer.Tensors;

/// <summary>The weights of a model as older Hugging Face folders hold them: <c>pytorch_model.bin</c>, or shards of it and their index.</summary>
/// <remarks>The files stay open until it is disposed; tensors are read when they are asked for.</remarks>
/// <example><code>
/// using var model = TorchModel.Open("bert-base-uncased");
/// foreach (var name in model.Names) Console.WriteLine($"{name}: {model[name].Shape}");
/// </code></example>
public sealed partial class TorchModel : IDisposable
{
    /// <summary>The file's name where there is one.</summary>
    public const string FileName = "pytorch_model.bin";

    /// <summary>The index's name where there are several files.</summary>
    public const string IndexName = "pytorch_model.bin.index.json";

    private readonly List<TorchFile> _files = [];
    private readonly OrderedDictionary<string, TorchTensor> _tensors = [];

    private TorchModel(string path) => Path = path;

    /// <summary>The file, or the index.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>A tensor, whose bytes are not read yet.</summary>
    /// <exception cref="TorchFileException">There is no tensor of this name.</exception>
    public TorchTensor this[string name] =>
        _tensors.TryGetValue(name, out var tensor) ? tensor : throw new TorchFileException(Path, $"has no tensor '{name}'");

    /// <summary>Whether a folder has such a file or index.</summary>
    public static bool ExistsIn(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, FileName)) || File.Exists(System.IO.Path.Combine(folder, IndexName));

    /// <summary>Opens a folder, a file or an index; a folder's <c>pytorch_model.bin</c> comes before its index.</summary>
    /// <exception cref="TorchFileException">A broken file, one that holds no dictionary of tensors, or an index and files that do not
    /// agree.</exception>
    /// <exception cref="SafetensorsException">A broken index.</exception>
    /// <exception cref="FileNotFoundException">The folder has neither, or a file of the index is missing.</exception>
    public static TorchModel Open(string path)
    {
        if (Directory.Exists(path))
        {
            if (!ExistsIn(path)) throw new FileNotFoundException($"{path}: has neither {FileName} nor {IndexName}", path);
            var single = System.IO.Path.Combine(path, FileName);
            path = File.Exists(single) ? single : System.IO.Path.Combine(path, IndexName);
        }
        var model = new TorchModel(path);
        try
        {
            if (path.EndsWith(".json", StringComparison.Ordinal)) model.OpenShards();
            else
            {
                foreach (var (name, tensor) in model.OpenFile(path)) model._tensors.Add(name, tensor);
            }
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes a model into a folder as Hugging Face does with <c>safe_serialization=False</c>.</summary>
    /// <param name="folder">Where to; it is made where missing. Shards of an older save that do not belong to the new one are
    /// deleted.</param>
    /// <param name="tensors">Contiguous and in the processor's memory; one that has several names is stored once.</param>
    /// <param name="maxShardSize">Bytes of tensors in a file; a tensor that is larger gets a file of its own.</param>
    public static void Save(
        string folder, IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxShardSize = SafetensorsModel.DefaultMaxShardSize)
    {
        if (maxShardSize <= 0) throw new ArgumentOutOfRangeException(nameof(maxShardSize), maxShardSize, "a file holds at least one byte");
        var (shards, places, size) = Split(tensors, maxShardSize);
        HashSet<string> written = [];
        for (var i = 0; i < shards.Count; i++)
        {
            written.Add(FileOf(i, shards.Count));
            TorchFile.Save(System.IO.Path.Combine(folder, FileOf(i, shards.Count)), shards[i]);
        }
        if (shards.Count > 1)
        {
            var files = places.Select(place => KeyValuePair.Create(place.Key, FileOf(place.Value, shards.Count)));
            SafetensorsIndex.Write(System.IO.Path.Combine(folder, IndexName), size, files);
            written.Add(IndexName);
        }
        DeleteFrom(folder, except: written);
    }

    /// <summary>Deletes the files of a model from a folder.</summary>
    /// <param name="folder">Other files in it stay.</param>
    /// <param name="except">Names that stay too.</param>
    public static void DeleteFrom(string folder, IReadOnlySet<string>? except = null)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            var name = System.IO.Path.GetFileName(file);
            if (except?.Contains(name) != true && (name is FileName or IndexName || ShardName().IsMatch(name))) File.Delete(file);
        }
    }

    /// <summary>Closes the files; tensors that were not read cannot be read any more.</summary>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private IEnumerable<(string Name, TorchTensor Tensor)> OpenFile(string path)
    {
        var file = TorchFile.Open(path);
        _files.Add(file);
        if (file.Root is not OrderedDictionary<object, object?> entries)
        {
            throw new TorchFileException(path, "holds no dictionary, expected one of tensors by name: a model's state");
        }
        foreach (var (key, value) in entries)
        {
            if (key is not string name || value is not TorchTensor tensor)
            {
                throw new TorchFileException(path, $"its entry '{key}' is no tensor with a name, expected a model's state");
            }
            yield return (name, tensor);
        }
    }

    private void OpenShards()
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        var files = SafetensorsIndex.Read(Path);
        foreach (var shard in files.Values.Distinct())
        {
            var path = System.IO.Path.Combine(folder, shard);
            if (!File.Exists(path)) throw new FileNotFoundException($"{Path}: names {shard}, which does not exist", path);
            foreach (var (name, tensor) in OpenFile(path))
            {
                if (files.GetValueOrDefault(name) != shard)
                {
                    throw new TorchFileException(path, $"has a tensor '{name}', but {IndexName} does not say so");
                }
                _tensors.Add(name, tensor);
            }
        }
        if (files.Keys.FirstOrDefault(name => !_tensors.ContainsKey(name)) is { } missing)
        {
            throw new TorchFileException(System.IO.Path.Combine(folder, files[missing]), $"has no tensor '{missing}', but {IndexName} says so");
        }
    }

    // A file is full before the tensor that would make it too large; names of one tensor are in the same file.
    private static (List<OrderedDictionary<object, object?>> Shards, OrderedDictionary<string, int> Places, long Size) Split(
        IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxShardSize)
    {
        List<OrderedDictionary<object, object?>> shards = [[]];
        OrderedDictionary<string, int> places = [];
        Dictionary<nint, (int Shard, TorchTensor Tensor)> known = [];
        var (size, total) = (0L, 0L);
        foreach (var (name, tensor) in tensors)
        {
            if (known.TryGetValue(tensor.Address, out var same) && same.Tensor.Shape == tensor.Shape)
            {
                shards[same.Shard].Add(name, same.Tensor);
                places.Add(name, same.Shard);
                continue;
            }
            var bytes = tensor.ElementCount * tensor.DType.ByteSize;
            if (shards[^1].Count > 0 && size + bytes > maxShardSize)
            {
                shards.Add([]);
                size = 0;
            }
            (size, total) = (size + bytes, total + bytes);
            known[tensor.Address] = (shards.Count - 1, TorchTensor.From(tensor));
            shards[^1].Add(name, known[tensor.Address].Tensor);
            places.Add(name, shards.Count - 1);
        }
        return (shards, places, total);
    }

    private static string FileOf(int shard, int count) => count == 1
        ? FileName
        : string.Create(CultureInfo.InvariantCulture, $"pytorch_model-{shard + 1:D5}-of-{count:D5}.bin");

    [GeneratedRegex(@"^pytorch_model-[0-9]{5}-of-[0-9]{5}\.bin$")]
    private static partial Regex ShardName();
}
