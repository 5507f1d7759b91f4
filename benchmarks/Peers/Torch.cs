using TorchSharp;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NativeTrainer.Benchmarks;

/// <summary>libtorch as a peer, through TorchSharp; where it does not load, rows say why.</summary>
internal static class Torch
{
    private static readonly Lazy<string?> Problem = new(() =>
    {
        try
        {
            Load();
            return null;
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException)
        {
            return "TorchSharp does not load: " + (e.InnerException ?? e).Message.Split('\n')[0];
        }
    });

    /// <summary>Gives a row its peer, or the reason why it has none.</summary>
    public static Duel Against(this Duel duel, Func<Action> peer) => Problem.Value is { } problem
        ? duel with { PeerName = problem }
        : duel with { PeerName = "TorchSharp 0.107", Peer = Scoped(peer()), SetPeerThreads = torch.set_num_threads };

    /// <summary>Normal numbers of a shape.</summary>
    public static TorchTensor Normal(bool grad, params long[] shape)
    {
        var tensor = torch.randn(shape);
        tensor.requires_grad = grad;
        return tensor;
    }

    private static void Load() => torch.set_num_threads(Environment.ProcessorCount);

    private static Action Scoped(Action work) => () =>
    {
        using var scope = torch.NewDisposeScope();
        work();
    };
}
