using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeTrainer.Tensors;

/// <summary>The weights of a model as Hugging Face folders hold them: <c>model.safetensors</c>, or shards of it and their index.</summary>
/// <example><code>
/// var model = SafetensorsModel.Open("gpt2");
/// foreach (var name in model.Names) Console.WriteLine($"{name}: {model[name]}");
/// </code></example>
public sealed partial class SafetensorsModel
{
    /// <summary>The file's name where there is one.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>The index's name where there are several files.</summary>
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>The greatest file that Hugging Face writes unless told otherwise: 5 GB.</summary>
    public const long DefaultMaxShardSize = 5_000_000_000;

    private readonly OrderedDictionary<string, SafetensorsFile> _files = [];

    private SafetensorsModel(string path) => Path = path;

    /// <summary>The file, or the index.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyList<string> Names => _files.Keys;

    /// <summary>The free texts of the (first) file.</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        _files.Count > 0 ? _files.GetAt(0).Value.Metadata : new Dictionary<string, string>();

    /// <summary>A tensor over the bytes of its file.</summary>
    /// <exception cref="SafetensorsException">There is no tensor of this name.</exception>
    public Tensor this[string name] => FileOf(name)[name];

    /// <summary>Opens a folder, a safetensors file or an index; a folder's <c>model.safetensors</c> comes before its index.</summary>
    /// <exception cref="SafetensorsException">A broken file, or an index and files that do not agree.</exception>
    /// <exception cref="FileNotFoundException">The folder has neither, or a file of the index is missing.</exception>
    public static SafetensorsModel Open(string path)
    {
        if (Directory.Exists(path))
        {
            var (single, index) = (System.IO.Path.Combine(path, FileName), System.IO.Path.Combine(path, IndexName));
            if (!File.Exists(single) && !File.Exists(index))
            {
                throw new FileNotFoundException($"{path}: has neither {FileName} nor {IndexName}", path);
            }
            path = File.Exists(single) ? single : index;
        }
        var model = new SafetensorsModel(path);
        if (path.EndsWith(".json", StringComparison.Ordinal)) model.OpenShards();
        else
        {
            var file = SafetensorsFile.Open(path);
            foreach (var name in file.Names) model._files.Add(name, file);
        }
        return model;
    }

    /// <summary>Writes a model into a folder, in one file or, where that would be too large, in several and their index.</summary>
    /// <param name="folder">Where to; it is made where missing. Files of an older save that do not belong to
    /// the new one are deleted.</param>
    /// <param name="tensors">Contiguous and in the processor's memory. Shards are filled in this order.</param>
    /// <param name="maxShardSize">Bytes of tensors in a file; a tensor that is larger gets a file of its own.</param>
    /// <param name="metadata">Free texts; <see cref="SafetensorsWriter.PyTorchMetadata"/> where null.</param>
    public static void Save(
        string folder,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        long maxShardSize = DefaultMaxShardSize,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var shards = Split(tensors, maxShardSize);
        HashSet<string> written = [];
        Dictionary<string, string> files = [];
        for (var i = 0; i < shards.Count; i++)
        {
            var name = shards.Count == 1 ? FileName : ShardOf(i + 1, shards.Count);
            SafetensorsWriter.Write(System.IO.Path.Combine(folder, name), shards[i], metadata);
            written.Add(name);
            foreach (var (tensor, _) in shards[i])
            {
                if (!files.TryAdd(tensor, name))
                {
                    throw new ArgumentException($"{folder}: two tensors are named '{tensor}'", nameof(tensors));
                }
            }
        }
        if (shards.Count > 1)
        {
            var size = shards.Sum(shard => shard.Sum(pair => Bytes(pair.Value)));
            SafetensorsIndex.Write(System.IO.Path.Combine(folder, IndexName), size, files);
            written.Add(IndexName);
        }
        DeleteFrom(folder, except: written);
    }

    /// <summary>Whether a folder has such a file or index.</summary>
    public static bool ExistsIn(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, FileName)) || File.Exists(System.IO.Path.Combine(folder, IndexName));

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

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _files.ContainsKey(name);

    /// <summary>What is said of a tensor without looking at it.</summary>
    /// <exception cref="SafetensorsException">There is no tensor of this name.</exception>
    public SafetensorsEntry Entry(string name) => FileOf(name).Entry(name);

    private SafetensorsFile FileOf(string name) => _files.TryGetValue(name, out var file)
        ? file
        : throw new SafetensorsException(Path, name, $"is not in the model, which has {_files.Count} tensors");

    private void OpenShards()
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        Dictionary<string, SafetensorsFile> opened = [];
        foreach (var (name, file) in SafetensorsIndex.Read(Path))
        {
            if (!opened.TryGetValue(file, out var shard))
            {
                var path = System.IO.Path.Combine(folder, file);
                if (!File.Exists(path))
                {
                    throw new FileNotFoundException($"{Path}: tensor '{name}' is in {file}, which does not exist", path);
                }
                opened[file] = shard = SafetensorsFile.Open(path);
            }
            if (!shard.Contains(name)) throw new SafetensorsException(shard.Path, name, $"is not in the file, but {IndexName} says so");
            _files.Add(name, shard);
        }
        foreach (var shard in opened.Values)
        {
            foreach (var name in shard.Names)
            {
                if (!_files.TryGetValue(name, out var owner))
                {
                    throw new SafetensorsException(shard.Path, name, $"is missing in {IndexName}");
                }
                if (owner != shard)
                {
                    throw new SafetensorsException(shard.Path, name, $"is in {System.IO.Path.GetFileName(owner.Path)} as well");
                }
            }
        }
    }

    // A file is full before the tensor that would make it too large.
    private static List<List<KeyValuePair<string, Tensor>>> Split(IEnumerable<KeyValuePair<string, Tensor>> tensors, long maxShardSize)
    {
        if (maxShardSize <= 0) throw new ArgumentOutOfRangeException(nameof(maxShardSize), maxShardSize, "a file holds at least one byte");
        List<List<KeyValuePair<string, Tensor>>> shards = [[]];
        var size = 0L;
        foreach (var pair in tensors)
        {
            if (shards[^1].Count > 0 && size + Bytes(pair.Value) > maxShardSize)
            {
                shards.Add([]);
                size = 0;
            }
            shards[^1].Add(pair);
            size += Bytes(pair.Value);
        }
        return shards;
    }

    private static string ShardOf(int number, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"model-{number:D5}-of-{count:D5}.safetensors");

    private static long Bytes(Tensor tensor) => tensor.ElementCount * tensor.DType.ByteSize;

    [GeneratedRegex(@"^model-[0-9]{5}-of-[0-9]{5}\.safetensors$")]
    private static partial Regex ShardName();
}
