namespace NativeTrainer.Checkpoints;

/// <summary>A file of a checkpoint cannot be read: it is damaged, or holds something else than expected.</summary>
public sealed class CheckpointException(string file, string problem, Exception? inner = null) : IOException($"{file}: {problem}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
