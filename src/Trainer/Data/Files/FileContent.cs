using System.IO.Compression;

namespace NativeTrainer.Data;

/// <summary>Opens data files; what ends in .gz is unpacked while it is read.</summary>
internal static class FileContent
{
    /// <summary>The extension that says how to read a file, without the dot and in small letters: of <c>a.csv.gz</c> it is csv.</summary>
    public static string Kind(string file)
    {
        var name = IsCompressed(file) ? Path.GetFileNameWithoutExtension(file) : file;
        return Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
    }

    public static bool IsCompressed(string file) => Path.GetExtension(file).Equals(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The content from its beginning.</summary>
    public static Stream Open(string file)
    {
        if (!File.Exists(file)) throw new InvalidDataException($"there is no file {file}");
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        return IsCompressed(file) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
