namespace NativeTrainer.Tensors;

/// <summary>A safetensors file, mapped into memory: its tensors look into the file and cost nothing until they are used.</summary>
/// <remarks>
/// The mapping lives as long as this object or any tensor of it. A tensor that is changed in place changes a private copy of its
/// page, never the file. The file must not be overwritten in place meanwhile (<see cref="AtomicFile"/> replaces it, which is safe).
/// <para>Format: https://huggingface.co/docs/safetensors.</para>
/// <example><code>
/// var file = SafetensorsFile.Open("model.safetensors");
/// var weight = file["transformer.wte.weight"];
/// </code></example>
/// </remarks>
public sealed class SafetensorsFile
{
    private readonly MappedFile _mapping;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, MappedFile mapping, SafetensorsHeader header)
    {
        (Path, _mapping, _header) = (path, mapping, header);
        _byName = header.Entries.ToDictionary(entry => entry.Name);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>The names in the order of the tensors' bytes.</summary>
    public IEnumerable<string> Names => Entries.Select(entry => entry.Name);

    /// <summary>Free texts; PyTorch's files have <c>format</c>: <c>pt</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>A tensor over the file's bytes; not aligned to more than 8 bytes.</summary>
    /// <exception cref="SafetensorsException">There is no tensor of this name.</exception>
    public Tensor this[string name]
    {
        get
        {
            var entry = Entry(name);
            return Tensor.Wrap(_mapping.Pointer + (nint)(_header.DataStart + entry.Begin), entry.Shape, entry.DType, Device.Cpu, _mapping);
        }
    }

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="SafetensorsException">The header is broken: see its message.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static unsafe SafetensorsFile Open(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            throw new SafetensorsException(path, null, "is empty, expected a safetensors file");
        }
        var mapping = MappedFile.Open(path);
        var start = new ReadOnlySpan<byte>((void*)mapping.Pointer, (int)Math.Min(mapping.Length, SafetensorsHeader.MaxLength + 8));
        var header = SafetensorsHeader.Read(path, start, mapping.Length);
        GC.KeepAlive(mapping);
        return new SafetensorsFile(path, mapping, header);
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>What the header says of a tensor.</summary>
    /// <exception cref="SafetensorsException">There is no tensor of this name.</exception>
    public SafetensorsEntry Entry(string name) => _byName.TryGetValue(name, out var entry)
        ? entry
        : throw new SafetensorsException(Path, name, $"is not in the file, which has {_byName.Count} tensors");

    /// <summary>A tensor, where there is one of this name.</summary>
    public bool TryGet(string name, out Tensor tensor)
    {
        tensor = Contains(name) ? this[name] : default;
        return tensor.IsAlive;
    }
}
