using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = source^exponent. 0^0 is 1; a negative number to a fraction is nan.</summary>
    public abstract void Pow(Tensor source, Tensor exponent, Tensor destination);

    /// <summary>destination = source^exponent for one exponent; whole numbers take a whole one that is not negative.</summary>
    public abstract void PowScalar(Tensor source, double exponent, Tensor destination);

    /// <summary>destination = value^exponent for one base.</summary>
    public abstract void ScalarPow(double value, Tensor exponent, Tensor destination);

    /// <summary>Gradient of the base: gradient · exponent · source^(exponent - 1); 0 where the exponent is 0.</summary>
    public abstract void PowBackward(Tensor source, Tensor exponent, Tensor gradient, Tensor destination);

    /// <summary>As <see cref="PowBackward"/> for one exponent.</summary>
    public abstract void PowScalarBackward(Tensor source, Tensor gradient, double exponent, Tensor destination);

    /// <summary>
    /// Gradient of the exponent: gradient · source^exponent · ln source; 0 where the source is 0 and the exponent not negative.
    /// </summary>
    public abstract void PowExponentBackward(Tensor source, Tensor exponent, Tensor gradient, Tensor destination);
}
