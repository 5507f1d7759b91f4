using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination = 1 where the comparison holds, else 0, in the destination's dtype (bool, or a mask to multiply with). nan differs
    /// from everything.
    /// </summary>
    public abstract void Compare(Comparison comparison, Tensor left, Tensor right, Tensor destination);

    /// <summary>The same against one value.</summary>
    public abstract void CompareScalar(Comparison comparison, Tensor source, double value, Tensor destination);
}

/// <summary>How two values may stand to one another.</summary>
public enum Comparison
{
    /// <summary>left = right.</summary>
    Equal,

    /// <summary>left ≠ right.</summary>
    NotEqual,

    /// <summary>left &lt; right.</summary>
    Less,

    /// <summary>left ≤ right.</summary>
    LessEqual,

    /// <summary>left &gt; right.</summary>
    Greater,

    /// <summary>left ≥ right.</summary>
    GreaterEqual,
}
