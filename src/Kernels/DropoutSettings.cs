using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

/// <summary>
/// Which elements a dropout keeps: element i looks at word i mod 4 of <see cref="Philox4x32"/> at counter <paramref name="Offset"/> + i / 4
/// and is kept, divided by 1 − probability, if that is below (1 − probability) · 2³². Drawn again, they are the same.
/// </summary>
/// <param name="Probability">Of dropping an element; 0 keeps all and draws nothing.</param>
/// <param name="Seed">Philox's key.</param>
/// <param name="Offset">The first counter.</param>
public readonly record struct DropoutSettings(double Probability, ulong Seed, ulong Offset)
{
    /// <summary>How many counters a tensor needs.</summary>
    public static long CountersFor(long elements) => (elements + 3) / 4;
}
