using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void OneHot(Tensor index, Tensor destination)
    {
        var (classes, ids) = (destination.Size(-1), new Ids(index));
        Fill(destination, 0);
        var rows = (long*)destination.Address;
        for (nint i = 0; i < ids.Count; i++)
        {
            if ((ulong)ids[i] >= (ulong)classes)
            {
                throw new ArgumentOutOfRangeException(nameof(index), ids[i], $"OneHot: {ids[i]} at {i} is not one of {classes} classes");
            }
            rows[(i * (nint)classes) + (nint)ids[i]] = 1;
        }
    }

    /// <inheritdoc/>
    public override (long Smallest, long Largest) Extent(Tensor numbers)
    {
        var ids = new Ids(numbers);
        var (smallest, largest) = (ids[0], ids[0]);
        for (nint i = 1; i < ids.Count; i++) (smallest, largest) = (Math.Min(smallest, ids[i]), Math.Max(largest, ids[i]));
        return (smallest, largest);
    }
}
