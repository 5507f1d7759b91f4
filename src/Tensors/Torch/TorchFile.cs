using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace NativeTrainer.Tensors;

/// <summary>A file of <c>torch.save</c>, read and written without PyTorch: plain values, tensors, NumPy's
/// arrays of words; nothing in it is executed.</summary>
/// <remarks>
/// A zip file of a pickle (<c>data.pkl</c>) and of the tensors' bytes (<c>data/0</c>, <c>data/1</c>, …). Tensors are read when they
/// are asked for, so the file stays open until it is disposed; one thread at a time. What is written is laid out as PyTorch does it.
/// </remarks>
public sealed class TorchFile : IDisposable
{
    private const long LargestPickle = 1 << 28;

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly string _folder;
    private readonly Dictionary<string, TorchStorage> _storages = [];

    private TorchFile(string path, ZipArchive archive)
    {
        (_path, _archive) = (path, archive);
        var first = archive.Entries.Count > 0 ? archive.Entries[0].FullName : "";
        if (!first.Contains('/')) throw new TorchFileException(path, "is a zip file, but none of PyTorch's: it has no folder");
        _folder = first[..first.IndexOf('/')];
        var order = archive.GetEntry($"{_folder}/byteorder") is { } entry ? Encoding.ASCII.GetString(Content(entry, 16)) : "little";
        if (order != "little") throw new TorchFileException(path, $"its byte order is '{order}', expected 'little'");
        Root = new PickleReader(path, Content(Entry("data.pkl"), LargestPickle), new TorchGlobals(Storage)).Read();
    }

    /// <summary>
    /// What was saved: null, bool, long, double, string, byte arrays, <see cref="TorchTensor"/>; a tuple is an array of
    /// objects, a list a list of objects, a dictionary an <see cref="OrderedDictionary{TKey, TValue}"/> of objects.
    /// </summary>
    public object? Root { get; }

    /// <summary>Opens a file and reads all of it but the tensors' bytes.</summary>
    /// <exception cref="TorchFileException">Not a PyTorch file, damaged, or with names in it that no weights and no checkpoint have.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static TorchFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return new TorchFile(path, archive);
        }
        catch (Exception broken)
        {
            var problem = archive is null ? Diagnose(stream) : $"is damaged: {broken.Message}";
            if (archive is null) stream.Dispose();
            else archive.Dispose();
            if (broken is InvalidDataException or EndOfStreamException) throw new TorchFileException(path, problem, broken);
            throw;
        }
    }

    /// <summary>Writes a file, whole or not at all (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">Where to; the entries' folder gets the file's name without its ending, as PyTorch does it.</param>
    /// <param name="root">Of the types that <see cref="Root"/> has; also int, float,
    /// collections of pairs of a name and a value, value tuples, arrays of numbers (as lists).</param>
    public static void Save(string path, object? root)
    {
        var pickler = new TorchPickleWriter();
        var pickle = pickler.Pickle(root);
        AtomicFile.Write(path, stream =>
        {
            var zip = new ZipWriter(stream, Path.GetFileNameWithoutExtension(path));
            zip.Add("data.pkl", pickle);
            zip.Add(".format_version", "1"u8);
            zip.Add(".storage_alignment", Encoding.ASCII.GetBytes(ZipWriter.Alignment.ToString(CultureInfo.InvariantCulture)));
            zip.Add("byteorder", "little"u8);
            for (var i = 0; i < pickler.Storages.Count; i++)
            {
                using var bytes = pickler.Storages[i].Open();
                zip.Add($"data/{i}", bytes, pickler.Storages[i].ByteLength);
            }
            zip.Add("version", "3\n"u8);
            var (names, checksums) = zip.Identity;
            zip.Add(".data/serialization_id", Encoding.ASCII.GetBytes($"{names:D20}{checksums:D20}"));
            zip.Finish();
        });
        GC.KeepAlive(root);
    }

    /// <summary>Closes the file; tensors that were not read cannot be read any more.</summary>
    public void Dispose() => _archive.Dispose();

    private ZipArchiveEntry Entry(string name) => _archive.GetEntry($"{_folder}/{name}")
        ?? throw new TorchFileException(_path, $"has no entry {_folder}/{name}; PyTorch files have one");

    private byte[] Content(ZipArchiveEntry entry, long limit)
    {
        if (entry.Length > limit)
        {
            throw new TorchFileException(_path, $"its entry {entry.FullName} claims {entry.Length} bytes, expected at most {limit}");
        }
        var bytes = new byte[entry.Length];
        using (var stream = entry.Open()) stream.ReadExactly(bytes);
        if (Crc32.HashToUInt32(bytes) != entry.Crc32) throw new InvalidDataException($"the checksum of {entry.FullName} is another");
        return bytes;
    }

    private TorchStorage Storage(string key, DType dtype, long count)
    {
        if (_storages.TryGetValue(key, out var known)) return known;
        var entry = Entry($"data/{key}");
        if (count < 0 || entry.Length != count * dtype.ByteSize)
        {
            var expected = $"{count} elements of {dtype.TorchName}";
            throw new TorchFileException(_path, $"its entry {entry.FullName} has {entry.Length} bytes, expected {expected}");
        }
        return _storages[key] = new EntryStorage(_path, entry, dtype);
    }

    private static bool IsTar(FileStream stream)
    {
        Span<byte> mark = stackalloc byte[5];
        stream.Position = Math.Min(257, stream.Length);
        return stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length && mark.SequenceEqual("ustar"u8);
    }

    private static string Diagnose(FileStream stream)
    {
        if (stream.Length == 0) return "is empty, expected a PyTorch file (zip)";
        Span<byte> start = stackalloc byte[4];
        stream.Position = 0;
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith("PK\x03\x04"u8)) return "is truncated or damaged: a zip file without its directory";
        if (start is [0x80, 2, ..])
        {
            return "is of the format before PyTorch 1.6 (a bare pickle), expected a zip file; load it in PyTorch and save it again";
        }
        if (IsTar(stream)) return "is of the format before PyTorch 0.2 (a tar file), expected a zip file; load it in PyTorch and save it again";
        return $"is not a PyTorch file: expected a zip file, found the bytes {Convert.ToHexString(start)}";
    }
}
