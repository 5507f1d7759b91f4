namespace NativeTrainer.Tensors;

/// <summary>A file of <c>torch.save</c> cannot be read: it is damaged, or holds something else than expected.</summary>
public sealed class TorchFileException(string file, string problem, Exception? inner = null) : IOException($"{file}: {problem}", inner)
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
