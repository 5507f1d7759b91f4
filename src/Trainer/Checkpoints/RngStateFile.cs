using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary><c>rng_state.pth</c>: the states of all generators that a training draws from, in Python's,
/// NumPy's and PyTorch's own forms.</summary>
/// <remarks>Ours draws from <see cref="Cpu"/> alone; Python's and NumPy's are kept for the Hugging Face
/// Trainer, which insists on them.</remarks>
public sealed record RngStateFile
{
    /// <summary>Python's generator.</summary>
    public required PythonRandomState Python { get; init; }

    /// <summary>NumPy's generator.</summary>
    public required NumpyRandomState Numpy { get; init; }

    /// <summary>PyTorch's generator on the CPU: the bytes of <see cref="TorchGenerator.GetState"/>.</summary>
    public required byte[] Cpu { get; init; }

    /// <summary>The generators of the GPUs (16 bytes each: seed and offset), one for each process's device;
    /// none where there was no GPU.</summary>
    public IReadOnlyList<byte[]> Cuda { get; init; } = [];

    /// <summary>The states after <c>set_seed(seed)</c>, with a CPU generator that may have drawn since.</summary>
    public static RngStateFile From(uint seed, TorchGenerator cpu) => new()
    {
        Python = PythonRandomState.FromSeed(seed),
        Numpy = NumpyRandomState.FromSeed(seed),
        Cpu = cpu.GetState(),
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="CheckpointException">Damaged, or one of the three states is missing or none.</exception>
    public static RngStateFile Read(string path)
    {
        using var file = TorchFile.Open(path);
        var root = StateDictionary.From(file.Root, path);
        return new RngStateFile
        {
            Python = PythonRandomState.FromPickle(root["python"]) ?? throw root.Wrong("'python' is not a state of Python's generator"),
            Numpy = NumpyRandomState.FromPickle(root["numpy"]) ?? throw root.Wrong("'numpy' is not a state of NumPy's generator"),
            Cpu = Checked(root, Bytes(root, "cpu", root["cpu"])),
            Cuda = root.Contains("cuda") ? Gpus(root) : [],
        };
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public void Save(string path)
    {
        var root = new StateDictionary { { "python", Python.ToPickle() }, { "numpy", Numpy.ToPickle() }, { "cpu", Tensor(Cpu) } };
        if (Cuda.Count == 1) root.Add("cuda", Tensor(Cuda[0]));
        else if (Cuda.Count > 1) root.Add("cuda", new List<object?>(Cuda.Select(Tensor)));
        TorchFile.Save(path, root);
    }

    private static TorchTensor Tensor(byte[] bytes) => TorchTensor.From<byte>(bytes, [bytes.Length]);

    // One tensor, or a list of them where a process used several GPUs.
    private static byte[][] Gpus(StateDictionary root) =>
        root["cuda"] is List<object?> all ? [.. all.Select(one => Bytes(root, "cuda", one))] : [Bytes(root, "cuda", root["cuda"])];

    private static byte[] Bytes(StateDictionary root, string key, object? value) =>
        value is TorchTensor { DType: DType.UInt8, Shape.Rank: 1 } tensor
            ? tensor.ToArray<byte>()
            : throw root.Wrong($"'{key}' is not a tensor of bytes");

    private static byte[] Checked(StateDictionary root, byte[] state)
    {
        try
        {
            _ = new TorchGenerator(state);
            return state;
        }
        catch (ArgumentException unfit)
        {
            throw root.Wrong($"'cpu': {unfit.Message}");
        }
    }
}
