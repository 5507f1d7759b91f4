using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>Matrices (the last two axes) with every element above a diagonal set to 0: column &gt; row + diagonal.</summary>
    public abstract void Tril(Tensor source, long diagonal, Tensor destination);

    /// <summary>Matrices (the last two axes) with every element below a diagonal set to 0: column &lt; row + diagonal.</summary>
    public abstract void Triu(Tensor source, long diagonal, Tensor destination);
}
