using System.Buffers.Binary;
using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>The random states of this thread as a checkpoint keeps them.</summary>
/// <remarks>Philox's seed and offset stand where a GPU's would, in the same 16 bytes,
/// and only once something has been drawn from it.</remarks>
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
        var file = RngStateFile.From((uint)seed, TorchGenerator.Default);
        if (RandomState.Current is { Offset: > 0 } philox)
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, philox.Seed);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), philox.Offset);
            file = file with { Cuda = [bytes] };
        }
        file.Save(Path.Combine(folder, FileName));
    }

    /// <summary>Goes on where a checkpoint stands; without the file the generators stay as they are, as in Transformers.</summary>
    public static void Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return;
        var file = RngStateFile.Read(path);
        TorchGenerator.Default.SetState(file.Cpu);
        if (file.Cuda is [{ Length: 16 } bytes, ..])
        {
            RandomState.Current.Restore(new RandomSnapshot(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8))));
        }
    }
}
