using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// While training, sets elements to 0 with probability <paramref name="p"/> and divides the others by 1 − p (torch.nn.Dropout).
/// </summary>
public sealed class Dropout(double p) : Module
{
    /// <summary>The same shape.</summary>
    public Tensor Forward(Tensor input) => Hooked(input, input.Dropout(p, IsTraining));
}
