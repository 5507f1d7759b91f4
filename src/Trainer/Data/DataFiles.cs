using Microsoft.Extensions.FileSystemGlobbing;

namespace NativeTrainer.Data;

/// <summary>Finds the files that an argument such as <c>train_file</c> means.</summary>
public static class DataFiles
{
    private static readonly string[] InFolders = [.. RowFormat.Extensions.Where(kind => kind != "json").Select(kind => "." + kind)];
    private static readonly string[] Packed = [".zip", ".bz2", ".xz", ".zst", ".tar", ".7z", ".rar"];

    /// <summary>
    /// Lists files: as given, every file of a known format below a folder, or what a glob matches; each part sorted by path, no file twice.
    /// </summary>
    /// <param name="patterns">Files, folders and globs (<c>*</c> within a name, <c>**</c> over folders). One that begins with <c>!</c>
    /// takes files out again.</param>
    /// <param name="argument">The argument's name, for messages.</param>
    /// <exception cref="InvalidDataException">A pattern finds nothing, or a file of a kind that is not read.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> patterns, string argument)
    {
        var files = new OrderedDictionary<string, string>(StringComparer.Ordinal); // full path -> path as written
        foreach (var pattern in patterns.Where(p => !p.StartsWith('!')))
        {
            var found = FindOne(pattern).Order(StringComparer.Ordinal).ToList();
            if (found.Count == 0) throw new InvalidDataException($"{argument}: {Explain(pattern)}");
            foreach (var file in found) files.TryAdd(Path.GetFullPath(file), file);
        }
        foreach (var pattern in patterns.Where(p => p.StartsWith('!')).Select(p => p[1..]))
        {
            var unwanted = FindOne(pattern).Select(Path.GetFullPath).ToList();
            foreach (var path in unwanted) files.Remove(path);
        }
        if (files.Count == 0) throw new InvalidDataException($"{argument}: {string.Join(' ', patterns)} leaves no file");
        foreach (var file in files.Values)
        {
            if (Packed.Contains(Path.GetExtension(file).ToLowerInvariant()) || FileContent.IsCompressed(file) && IsBinary(file))
            {
                throw new InvalidDataException($"{argument}: {file} is a {Path.GetExtension(file)} file, expected it unpacked "
                    + $"({string.Join(", ", InFolders)}; .gz is read for all but .parquet), or text in UTF-8");
            }
        }
        return [.. files.Values];
    }

    /// <summary>Whether a file is plain text, whose lines are rows; others have columns.</summary>
    public static bool IsText(string file) => RowFormat.Of(file) is TextFormat;

    private static bool IsBinary(string file) => RowFormat.Of(file) is ParquetFormat;

    private static IEnumerable<string> FindOne(string pattern)
    {
        if (File.Exists(pattern)) return [pattern];
        if (Directory.Exists(pattern))
            return Match(pattern, InFolders.SelectMany(extension => new[] { "**/*" + extension, $"**/*{extension}.gz" }));
        if (!pattern.Contains('*')) return [];
        var parts = pattern.Split('/', '\\');
        var fixedParts = parts.TakeWhile(part => !part.Contains('*')).Count();
        var folder = string.Join('/', parts[..fixedParts]);
        if (fixedParts > 0 && folder.Length == 0) folder = "/";
        return Directory.Exists(folder.Length == 0 ? "." : folder) ? Match(folder, [string.Join('/', parts[fixedParts..])]) : [];
    }

    private static IEnumerable<string> Match(string folder, IEnumerable<string> globs)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        foreach (var glob in globs) matcher.AddInclude(glob);
        var root = folder.Length == 0 ? "." : folder;
        return matcher.GetResultsInFullPath(root).Select(path => Path.Combine(folder, Path.GetRelativePath(root, path)).Replace('\\', '/'));
    }

    private static string Explain(string pattern) =>
        Directory.Exists(pattern)
            ? $"the folder {pattern} has no file of {string.Join(", ", InFolders)}, expected one, or a glob for others"
        : pattern.Contains('*') ? $"no file matches {pattern}"
        : $"there is no file {pattern}";
}
