using System.Globalization;
using System.IO.Hashing;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>Whether the files of a checkpoint are whole.</summary>
internal static class CheckpointDigests
{
    private static readonly string[] Endings = [".safetensors", ".bin", ".pt", ".pth"];

    /// <summary>Length and XXH3 of each file of numbers in a folder, by name.</summary>
    public static OrderedDictionary<string, object?> Of(string folder)
    {
        var digests = new OrderedDictionary<string, object?>();
        foreach (var path in Directory.GetFiles(folder).Where(IsCovered).Order(StringComparer.Ordinal)) digests[Path.GetFileName(path)] = Digest(path);
        return digests;
    }

    /// <summary>
    /// Reads a checkpoint as far as is needed to know that nothing in it is torn: the digests that were written with it, or, of one that
    /// Hugging Face wrote, the structure of each file.
    /// </summary>
    /// <exception cref="IOException">A file is missing, damaged or cut; the message names it.</exception>
    public static void Check(string folder)
    {
        TrainerState.LoadFromJson(Path.Combine(folder, TrainerState.FileName));
        var exact = Path.Combine(folder, ExactState.FileName);
        if (File.Exists(exact) && ExactState.Load(folder) is not null)
        {
            var files = (IReadOnlyDictionary<string, object?>)PythonJson.Read(SafetensorsFile.Open(exact).Metadata["files"])!;
            foreach (var (name, digest) in files) Compare(Path.Combine(folder, name), (string)digest!);
            return;
        }
        foreach (var path in Directory.GetFiles(folder).Where(IsCovered))
        {
            if (path.EndsWith(".safetensors", StringComparison.Ordinal)) SafetensorsFile.Open(path);
            else TorchFile.Open(path).Dispose();
        }
    }

    private static void Compare(string path, string expected)
    {
        if (!File.Exists(path)) throw new CheckpointException(path, "is missing, expected a file that the checkpoint was written with");
        if (Digest(path) is var found && found != expected)
        {
            throw new CheckpointException(path, $"is not as it was written: length and digest are {found}, expected {expected}");
        }
    }

    private static bool IsCovered(string path) =>
        Path.GetFileName(path) != ExactState.FileName && Endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        var hash = new XxHash3();
        hash.Append(stream);
        return string.Create(CultureInfo.InvariantCulture, $"{stream.Length} {hash.GetCurrentHashAsUInt64():x16}");
    }
}
