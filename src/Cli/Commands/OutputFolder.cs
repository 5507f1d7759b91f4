using NativeTrainer.Checkpoints;

namespace NativeTrainer.Cli.Commands;

/// <summary>
/// run_clm's rule for an output folder that is not empty: go on from its last checkpoint, or ask for overwrite_output_dir.
/// </summary>
internal static class OutputFolder
{
    /// <summary>The checkpoint to resume from; null to begin anew.</summary>
    /// <exception cref="InvalidArgumentException">The folder has something, but no checkpoint; or the checkpoint asked for is
    /// none.</exception>
    public static string? CheckpointToResume(TrainingArguments args)
    {
        if (File.Exists(args.OutputDir)) throw new InvalidArgumentException("output_dir",
            $"is the file \"{args.OutputDir}\", expected a folder");
        if (args.ResumeFromCheckpoint is { } asked)
        {
            if (asked is "True" or "true") return CheckpointFolder.LastWhole(args.OutputDir, CommandLine.Warn)
                ?? throw new InvalidArgumentException("resume_from_checkpoint", $"is true, and \"{args.OutputDir}\" has no checkpoint that is whole");
            if (File.Exists(Path.Combine(asked, TrainerState.FileName))) return asked;
            throw new InvalidArgumentException("resume_from_checkpoint",
                $"is \"{asked}\", expected a checkpoint's folder with a {TrainerState.FileName}");
        }
        if (args.OverwriteOutputDir || !Directory.Exists(args.OutputDir)) return null;
        if (CheckpointFolder.LastWhole(args.OutputDir, CommandLine.Warn) is { } last) return last;
        if (!Directory.EnumerateFileSystemEntries(args.OutputDir).Any()) return null;
        throw new InvalidArgumentException(
            "output_dir", $"is \"{args.OutputDir}\", which has files but no checkpoint; empty it, or set overwrite_output_dir");
    }
}
