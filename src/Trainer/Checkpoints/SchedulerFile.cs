using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary><c>scheduler.pt</c>: a dictionary of plain values, such as last_epoch, base_lrs, _last_lr and lr_lambdas.</summary>
public static class SchedulerFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">Damaged, or not a dictionary of plain values.</exception>
    public static StateDictionary Read(string path)
    {
        using var file = TorchFile.Open(path);
        var state = StateDictionary.From(file.Root, path);
        foreach (var (key, value) in state)
        {
            if (value is TorchTensor) throw state.Wrong($"'{key}' is a tensor, expected plain values");
        }
        return state;
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Save(string path, StateDictionary state) => TorchFile.Save(path, state);
}
