using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks.Optimizers;

/// <summary>
/// An optimizer's update as <c>./bench optimizers</c> measures it. To study a kernel of one's own, implement this and hand it to
/// <see cref="OptimizerStudy.Run"/>; see samples/OptimizerStudy.
/// </summary>
public interface IOptimizerKernel
{
    /// <summary>What tables call it.</summary>
    string Name { get; }

    /// <summary>The dtypes of weights and gradients that it works with.</summary>
    IReadOnlyList<DType> DTypes { get; }

    /// <summary>Bytes that an update must read and write for each parameter, at best: the measure for GB/s.</summary>
    double BytesPerParameter(DType dtype);

    /// <summary>Makes weights, gradients and states.</summary>
    /// <returns>One update; called again and again, it allocates nothing.</returns>
    Action Prepare(long parameters, DType dtype);
}
