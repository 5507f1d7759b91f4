using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>The random states of this thread as Hugging Face keeps them; where Philox stands is in <see cref="ExactState"/>.</summary>
internal static class RandomStates
{
    private const string FileName = "rng_state.pth";

    /// <summary>Seeds all generators (<c>set_seed</c>).</summary>
    public static void Seed(long seed)
    {
        TorchGenerator.Default.Seed((ulong)seed);
        RandomState.ManualSeed((ulong)seed);
    }

    public static void Save(string folder, long seed)
    {
        RngStateFile.From((uint)seed, TorchGenerator.Default).Save(Path.Combine(folder, FileName));
    }

    /// <summary>Goes on where a checkpoint stands; without the file the generators stay as they are, as in Transformers.</summary>
    public static void Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return;
        TorchGenerator.Default.SetState(RngStateFile.Read(path).Cpu);
    }
}
