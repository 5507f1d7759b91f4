namespace NativeTrainer.Cli.Arguments;

/// <summary>What of the machine the command uses.</summary>
internal sealed class MachineArguments : IArgumentGroup
{
    private static readonly ArgumentTable<MachineArguments> Table = new(new())
    {
        { "cpu_threads", "machine", a => a.CpuThreads, (a, v) => a.CpuThreads = v,
          "Threads that compute; unset: the processors that this process may use. The numbers are the same bits for any count." },
    };

    public int? CpuThreads { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        if (CpuThreads < 1) throw new InvalidArgumentException("cpu_threads", $"is {CpuThreads}, expected a whole number from 1 up");
        if (CpuThreads is { } count) Kernels.CpuThreads.Count = count;
    }
}
