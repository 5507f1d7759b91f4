using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Nonlinearities under the names that configurations give them (Hugging Face's <c>ACT2FN</c>).</summary>
public static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> ByName = new()
    {
        ["gelu"] = static x => x.Gelu(),
        ["gelu_python"] = static x => x.Gelu(),
        ["gelu_new"] = static x => x.GeluNew(),
        ["gelu_fast"] = static x => x.GeluNew(), // these three are the same formula, written another way
        ["gelu_accurate"] = static x => x.GeluNew(),
        ["gelu_pytorch_tanh"] = static x => x.GeluNew(),
        ["quick_gelu"] = static x => x.QuickGelu(),
        ["relu"] = static x => x.Relu(),
        ["silu"] = static x => x.Silu(),
        ["swish"] = static x => x.Silu(),
        ["tanh"] = static x => x.Tanh(),
        ["sigmoid"] = static x => x.Sigmoid(),
        ["linear"] = static x => x,
    };

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether there is a nonlinearity of this name.</summary>
    public static bool Knows(string name) => ByName.ContainsKey(name);

    /// <summary>The nonlinearity of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Func<Tensor, Tensor> Named(string name) => ByName.TryGetValue(name, out var function)
        ? function
        : throw new ArgumentException($"there is no activation \"{name}\", expected one of {string.Join(", ", Names)}", nameof(name));
}
