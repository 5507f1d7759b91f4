using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeTrainer.Checkpoints;

/// <summary>The folders <c>checkpoint-N</c> of an output folder: which there are, which is the last, which to
/// delete, and how one comes into being.</summary>
/// <remarks>As Trainer 4.37.2 does it: written under another name and renamed when it is whole, so an
/// interrupted save leaves no broken checkpoint.</remarks>
public static partial class CheckpointFolder
{
    /// <summary>What every checkpoint's name begins with.</summary>
    public const string Prefix = "checkpoint";

    private const string StagingPrefix = "tmp-";

    /// <summary>The path of the checkpoint of a step.</summary>
    public static string PathOf(string outputDir, long step) =>
        Path.Combine(outputDir, string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{step}"));

    /// <summary>The step in a checkpoint's name; null for anything else.</summary>
    public static long? StepOf(string folder)
    {
        var name = Name().Match(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
        if (!name.Success) return null;
        return long.TryParse(name.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
    }

    /// <summary>The checkpoint of the greatest step, as <c>get_last_checkpoint</c> finds it; null where there is none.</summary>
    public static string? Last(string outputDir) => Sorted(outputDir).LastOrDefault();

    /// <summary>The newest checkpoint that is whole: a torn one is told and the one before it taken; null where there is none.</summary>
    /// <param name="outputDir">Where they are.</param>
    /// <param name="warn">Is told which are torn, and what is wrong with them.</param>
    public static string? LastWhole(string outputDir, Action<string> warn)
    {
        foreach (var folder in Sorted(outputDir).Reverse())
        {
            try
            {
                CheckpointDigests.Check(folder);
                return folder;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
            {
                warn($"{folder} is passed over: {e.Message}");
            }
        }
        return null;
    }

    /// <summary>All checkpoints, oldest first.</summary>
    /// <param name="outputDir">Where they are; a folder that is missing has none.</param>
    /// <param name="byTime">By the time of the last change instead of the number; the number decides between equal times.</param>
    /// <param name="best">The best one, which is moved to the end but one, so that it is deleted last.</param>
    public static IReadOnlyList<string> Sorted(string outputDir, bool byTime = false, string? best = null)
    {
        if (!Directory.Exists(outputDir)) return [];
        var checkpoints = Directory.GetDirectories(outputDir, $"{Prefix}-*").Where(folder => StepOf(folder) is not null)
            .OrderBy(folder => byTime ? Directory.GetLastWriteTimeUtc(folder).Ticks : 0).ThenBy(StepOf).ToList();
        var place = best is null ? -1 : checkpoints.FindIndex(folder => IsSame(folder, best));
        if (place >= 0 && place < checkpoints.Count - 2)
        {
            var folder = checkpoints[place];
            checkpoints.RemoveAt(place);
            checkpoints.Insert(checkpoints.Count - 1, folder);
        }
        return checkpoints;
    }

    /// <summary>Deletes the oldest checkpoints beyond <paramref name="limit"/> (save_total_limit), but never
    /// the best nor the last.</summary>
    /// <returns>What was deleted. With a limit of 1 and a best checkpoint that is not the last, both stay.</returns>
    public static IReadOnlyList<string> Rotate(string outputDir, int? limit, string? best = null, bool byTime = false)
    {
        if (limit is null or <= 0) return [];
        var checkpoints = Sorted(outputDir, byTime, best);
        var keep = limit == 1 && best is not null && checkpoints.Count > 0 && !IsSame(checkpoints[^1], best) ? 2 : limit.Value;
        List<string> old = [.. checkpoints.Take(Math.Max(0, checkpoints.Count - keep))];
        foreach (var checkpoint in old) Directory.Delete(checkpoint, recursive: true);
        return old;
    }

    /// <summary>Deletes every checkpoint but the best: what the end of a training with a limit of 1 does
    /// after the best model was loaded.</summary>
    public static void KeepOnly(string outputDir, string best)
    {
        foreach (var checkpoint in Sorted(outputDir))
        {
            if (!IsSame(checkpoint, best)) Directory.Delete(checkpoint, recursive: true);
        }
    }

    /// <summary>Where to write the checkpoint of a step: a new <c>tmp-checkpoint-N</c>, or
    /// <c>checkpoint-N</c> itself where that exists and is not empty.</summary>
    /// <remarks>What an interrupted save has left under the temporary name is deleted.</remarks>
    public static string Begin(string outputDir, long step)
    {
        var path = PathOf(outputDir, step);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()) return path;
        var staging = Path.Combine(outputDir, StagingPrefix + Path.GetFileName(path));
        if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        Directory.CreateDirectory(staging);
        return staging;
    }

    /// <summary>Gives a folder of <see cref="Begin"/> its name.</summary>
    /// <returns>The checkpoint's path.</returns>
    public static string Commit(string staging)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(staging));
        if (!name.StartsWith(StagingPrefix, StringComparison.Ordinal)) return staging;
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(staging))!, name[StagingPrefix.Length..]);
        if (Directory.Exists(path)) Directory.Delete(path); // empty, else Begin would have chosen it
        Directory.Move(staging, path);
        return path;
    }

    private static bool IsSame(string one, string other) => Full(one) == Full(other);

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    [GeneratedRegex(@"^checkpoint-([0-9]+)$")]
    private static partial Regex Name();
}
