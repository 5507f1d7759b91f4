using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>How an operation's forward method records itself.</summary>
public static class Tape
{
    /// <summary>
    /// A node between <paramref name="inputs"/> and <paramref name="output"/>, or null where no gradient is wanted (then nothing needs to be saved).
    /// </summary>
    /// <param name="output">The result; more results are added with <see cref="Node.AddOutput"/>.</param>
    /// <param name="inputs">In the order that <see cref="Node.Give"/> counts; <c>default</c> stands for an optional input that is absent.</param>
    public static T? Record<T>(Tensor output, params ReadOnlySpan<Tensor> inputs)
        where T : Node, new()
    {
        if (!IsWanted(inputs)) return null;
        var node = TensorPool.Rent<T>();
        node.Begin(inputs);
        node.AddOutput(output);
        return node;
    }

    /// <summary>Whether recording is on and any of the inputs needs a gradient.</summary>
    public static bool IsWanted(params ReadOnlySpan<Tensor> inputs)
    {
        if (!GradientMode.IsEnabled) return false;
        foreach (var input in inputs)
        {
            if (input.IsAlive && input.GradientNode is not null) return true;
        }
        return false;
    }
}
