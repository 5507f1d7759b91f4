using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// An optimizer's arithmetic on one vector of each buffer. A rule is a struct with its numbers as fields of <typeparamref name="T"/>;
/// <see cref="FlatUpdate"/> has the loop over flat buffers.
/// </summary>
/// <typeparam name="T">What is computed with: float or double.</typeparam>
internal interface IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>One update.</summary>
    /// <param name="p">Parameters.</param>
    /// <param name="g">Gradients, scaled already.</param>
    /// <param name="a">The first state; 0 and forgotten where the optimizer has none.</param>
    /// <param name="b">The second state.</param>
    /// <param name="c">The third state.</param>
    void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>;
}
