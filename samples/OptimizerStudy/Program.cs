// A kernel of one's own beside the library's in the study tool. Run it from the repository's root:
//     dotnet run -c Release --project samples/OptimizerStudy -- --filter 'sgd momentum,my *' --sizes 1M,20M
using NativeTrainer.Benchmarks.Optimizers;
using NativeTrainer.Tensors;

return OptimizerStudy.Run(args, [.. OptimizerStudy.Kernels, new MyMomentum()]);

/// <summary>Momentum as one writes it first: a plain loop on one thread. What does the library gain over it?</summary>
internal sealed class MyMomentum : IOptimizerKernel
{
    public string Name => "my momentum";

    public IReadOnlyList<DType> DTypes => [DType.Float32];

    /// <summary>Reads weight, gradient and momentum, writes all three.</summary>
    public double BytesPerParameter(DType dtype) => 6 * sizeof(float);

    public Action Prepare(long parameters, DType dtype)
    {
        float[] weights = new float[parameters], gradients = new float[parameters], momentum = new float[parameters];
        Array.Fill(gradients, 0.01f);
        return () =>
        {
            for (var i = 0; i < weights.Length; i++)
            {
                momentum[i] = (0.9f * momentum[i]) + gradients[i];
                weights[i] -= 1e-4f * momentum[i];
                gradients[i] = 0;
            }
        };
    }
}
