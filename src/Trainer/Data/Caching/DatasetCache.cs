using System.IO.Hashing;
using System.Text;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>
/// Keeps on disk what was made of data: each result under a key that is made of the content it was made from, so that a changed file or
/// option finds nothing and makes it anew. Files are written beside and renamed; several processes may share a folder.
/// </summary>
/// <remarks>
/// A result takes as many bytes as its values: 4 a token, 4 a row. Nothing is deleted by itself: remove the folder to free the room. A
/// file that is broken is told of and made anew.
/// </remarks>
/// <param name="folder">Where results lie; <see cref="DefaultFolder"/> where null.</param>
/// <example><code>
/// var cache = new DatasetCache();
/// var rows = DatasetFiles.Load(["mail.csv"]).Map(Shorten, fingerprint: "shorten 1", cache);
/// </code></example>
public sealed class DatasetCache(string? folder = null)
{
    /// <summary>The environment variable that says where results lie.</summary>
    public const string Variable = "NATIVETRAINER_CACHE";

    private const string Version = "1";

    /// <summary>What <see cref="Variable"/> says, else <c>nativetrainer</c> below the user's cache folder.</summary>
    public static string DefaultFolder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? caches
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "nativetrainer");

    /// <summary>Where results lie.</summary>
    public string Folder { get; } = folder ?? DefaultFolder;

    /// <summary>Whether what is there is made again (<c>overwrite_cache</c>).</summary>
    public bool Overwrites { get; init; }

    /// <summary>Told of broken files, and of a folder that cannot be written to.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>A key of files' content, in their order, and of what is made of them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="fingerprint">The function's name and all that changes what it gives.</param>
    public static string Key(IEnumerable<string> files, string fingerprint)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes($"{Version}\n{fingerprint}\n"));
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.Append(BitConverter.GetBytes(stream.Length)); // so that no content can be taken for another's cut elsewhere
            hash.Append(stream);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>What stands for a tokenizer in a fingerprint: the content of the files that it writes.</summary>
    public static string Fingerprint(ITokenizer tokenizer)
    {
        var written = Directory.CreateTempSubdirectory("nativetrainer-tokenizer-");
        try
        {
            tokenizer.SavePretrained(written.FullName);
            var files = Directory.GetFiles(written.FullName).Order(StringComparer.Ordinal).ToList();
            return Key(files, string.Join('\n', files.Select(Path.GetFileName)));
        }
        finally
        {
            written.Delete(recursive: true);
        }
    }

    /// <summary>The result of a key: from its file, or made and kept.</summary>
    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="make">Makes the result.</param>
    public IDataset GetOrAdd(string key, Func<IDataset> make)
    {
        var path = Path.Combine(Folder, key + ".safetensors");
        if (!Overwrites && File.Exists(path))
        {
            try
            {
                return DatasetCacheFile.Read(path);
            }
            catch (Exception broken) when (broken is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Warn?.Invoke($"{path} cannot be used and is made anew: {broken.Message}");
            }
        }
        var made = make();
        try
        {
            Directory.CreateDirectory(Folder);
            DatasetCacheFile.Write(path, made);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            Warn?.Invoke($"{path} cannot be written, so that the next run makes it again: {full.Message}");
        }
        return made;
    }
}
