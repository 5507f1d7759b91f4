using NativeTrainer.Autograd;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;
using TorchSharp;

namespace NativeTrainer.Benchmarks.Rows;

/// <summary>An update of all parameters.</summary>
internal static class Optimization
{
    private const int Parameters = 50_000_000;

    /// <summary>Weight, gradient and two moments are read, weight and moments written: 28 bytes each; setting gradients to 0 is not counted.</summary>
    public static Duel AdamW()
    {
        var parameter = new Parameter(Data.Normal(Parameters));
        var optimizer = new AdamW([new ParameterGroup([parameter], 1e-3, 0.01)]);
        return Duel.Bytes("adamw-50m", 28.0 * Parameters, () => optimizer.Step()).Against(() =>
        {
            var weight = new TorchSharp.Modules.Parameter(torch.randn(Parameters));
            weight.grad = torch.randn(Parameters);
            var peer = torch.optim.AdamW([weight], lr: 1e-3, weight_decay: 0.01);
            return () => peer.step();
        });
    }
}
