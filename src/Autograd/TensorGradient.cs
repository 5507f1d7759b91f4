using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>What every tensor can do with gradients: <c>RequiresGrad</c>, <c>Backward()</c>, <c>Grad</c>, <c>Detach()</c>, hooks.</summary>
/// <example><code>
/// var x = Tensor.From([1f, 2f, 3f], [3]).WithGrad();
/// (x * x).Sum().Backward();
/// x.Grad!.Value.ToArray&lt;float&gt;(); // 2, 4, 6
/// </code></example>
public static class TensorGradient
{
    extension(Tensor tensor)
    {
        /// <summary>Whether gradients flow to this tensor.</summary>
        public bool RequiresGrad => tensor.GradientNode is not null;

        /// <summary>Whether the tensor was made by the user and not by a recorded operation.</summary>
        public bool IsLeaf => tensor.GradientNode is null or LeafGradient;

        /// <summary>The gradient that <c>Backward()</c> has added up: of a leaf, or of a computed tensor after <c>RetainGrad()</c>; null where there is none yet.</summary>
        public Tensor? Grad => tensor.GradientNode is LeafGradient leaf ? leaf.Total : (tensor.GradientNode as Node)?.Retained(tensor.OutputIndex);

        /// <summary>Clears the gradient of a leaf with null, or has gradients added to a tensor of the same shape and dtype from now on.</summary>
        public void SetGrad(Tensor? gradient)
        {
            if (tensor.GradientNode is not LeafGradient leaf) throw new InvalidOperationException($"{tensor} is no leaf that requires a gradient");
            if (gradient is { } given && (given.Shape != tensor.Shape || given.DType != tensor.DType))
            {
                throw new ArgumentException($"the gradient of {tensor} has its shape and dtype, found {given}", nameof(gradient));
            }
            leaf.Total = gradient;
        }

        /// <summary>Makes the tensor a leaf that collects its gradient, or no longer (torch's <c>requires_grad_</c>). A computed tensor is refused: detach it first.</summary>
        /// <returns>The same tensor.</returns>
        public Tensor WithGrad(bool requiresGrad = true)
        {
            if (requiresGrad == tensor.RequiresGrad) return tensor;
            if (requiresGrad && !tensor.DType.IsFloatingPoint) throw new InvalidOperationException($"{tensor} cannot have a gradient: only floating point tensors can");
            if (!tensor.IsLeaf) throw new InvalidOperationException($"{tensor} was computed by {((Node)tensor.GradientNode!).Name}; Detach() it first");
            if (requiresGrad) _ = new LeafGradient(tensor);
            else tensor.GradientNode = null;
            return tensor;
        }

        /// <summary>Another handle on the same memory that no gradient flows through.</summary>
        public Tensor Detach() => tensor.WithLayout(tensor.Layout);

        /// <summary>Walks back from this tensor and adds to the gradient of every leaf that it was computed from.</summary>
        /// <param name="gradient">The gradient of this tensor; 1 for a scalar where it is left out.</param>
        /// <param name="retainGraph">Keep what the walk needs, for another one through the same operations.</param>
        public void Backward(Tensor? gradient = null, bool retainGraph = false)
        {
            if (gradient is null && tensor.ElementCount != 1)
            {
                throw new InvalidOperationException($"Backward() on {tensor} needs a gradient of its shape; only a scalar's is 1 by itself");
            }
            BackwardPass.Run(tensor, gradient ?? Ones(tensor), retainGraph);
        }

        /// <summary>Keeps the gradient of a computed tensor, to be read from <c>Grad</c> after <c>Backward()</c>.</summary>
        public void RetainGrad()
        {
            if (NodeOf(tensor) is not LeafGradient and var node) node.Retain(tensor.OutputIndex);
        }

        /// <summary>Calls <paramref name="hook"/> with the tensor's gradient in each backward pass; what it returns, if anything, replaces the gradient.</summary>
        /// <returns>Dispose it to take the hook away.</returns>
        public IDisposable RegisterHook(Func<Tensor, Tensor?> hook)
        {
            var node = NodeOf(tensor);
            node.AddHook(tensor.OutputIndex, hook);
            return new HookHandle(node, hook);
        }
    }

    private static Node NodeOf(Tensor tensor) => tensor.GradientNode as Node
        ?? throw new InvalidOperationException($"{tensor} requires no gradient, so it has none to look at");

    private static Tensor Ones(Tensor like)
    {
        var ones = Tensor.Empty(like.Shape, like.DType, like.Device);
        Backend.For(ones).Fill(ones, 1);
        return ones;
    }

    private sealed class HookHandle(Node node, Func<Tensor, Tensor?> hook) : IDisposable
    {
        public void Dispose() => node.RemoveHook(hook);
    }
}
