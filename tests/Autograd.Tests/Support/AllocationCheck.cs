using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>Proves that an operation, forward and backward, allocates nothing on the managed heap once a pool is warm.</summary>
internal static class AllocationCheck
{
    /// <summary>Runs <paramref name="operation"/> on leaves in ten steps of a pool and watches the last five.</summary>
    public static void Of(Func<Tensor[], Tensor> operation, params Tensor[] inputs)
    {
        foreach (var input in inputs)
        {
            if (input.DType.IsFloatingPoint) input.WithGrad();
        }
        using var pool = new TensorPool();
        var before = 0L;
        for (var step = 0; step < 10; step++)
        {
            if (step == 5) before = GC.GetAllocatedBytesForCurrentThread();
            using var scope = pool.Enter();
            var output = operation(inputs);
            if (output.RequiresGrad) output.Backward(Tensor.Zeros(output.Shape, output.DType));
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero, "bytes allocated in five steps");
    }
}
