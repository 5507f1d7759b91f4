using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = left / right, rounded as asked; whole numbers must be rounded.</summary>
    public abstract void Div(Tensor left, Tensor right, Tensor destination, DivRounding rounding = DivRounding.None);

    /// <summary>destination = source / value.</summary>
    public abstract void DivScalar(Tensor source, double value, Tensor destination, DivRounding rounding = DivRounding.None);

    /// <summary>destination = value / source; floating point only.</summary>
    public abstract void ScalarDiv(double value, Tensor source, Tensor destination);
}

/// <summary>What happens to a quotient: PyTorch's <c>rounding_mode</c>.</summary>
public enum DivRounding
{
    /// <summary>It stays as it is.</summary>
    None,

    /// <summary>Rounded towards zero (<c>"trunc"</c>).</summary>
    Trunc,

    /// <summary>Rounded down (<c>"floor"</c>).</summary>
    Floor,
}
