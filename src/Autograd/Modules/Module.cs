using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Looks at what a module was given and has made; what it returns stands for the output.</summary>
public delegate Tensor ForwardHook(Module module, Tensor input, Tensor output);

/// <summary>A part of a model: parameters and smaller modules under the names that PyTorch's state dict gives them.</summary>
/// <remarks>
/// A module names what it owns in its constructor, in PyTorch's order, which is also the order of drawing initial weights:
/// <example><code>
/// public sealed class Classifier : Module
/// {
///     private readonly Linear _dense, _output;
///
///     public Classifier()
///     {
///         _dense = AddModule("dense", new Linear(64, 64));
///         _output = AddModule("output", new Linear(64, 2));
///     }
///
///     public Tensor Forward(Tensor x) => _output.Forward(_dense.Forward(x).Tanh());
/// }
/// </code></example>
/// </remarks>
public abstract class Module
{
    private readonly List<(string Name, Parameter Parameter)> _parameters = [];
    private readonly List<(string Name, Module Module)> _modules = [];
    private List<ForwardHook>? _forwardHooks;

    /// <summary>Whether dropout and the like are active. Set it for a whole tree with <see cref="Train"/> and <see cref="Eval"/>.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Whether this is a normalisation, whose parameters weight decay leaves alone.</summary>
    public virtual bool IsNormalization => false;

    /// <summary>The direct children, in the order of declaration.</summary>
    public IReadOnlyList<(string Name, Module Module)> Children => _modules;

    /// <summary>Makes a parameter of this module, with whatever was in memory: the constructor initialises it.</summary>
    protected Parameter AddParameter(string name, Shape shape, DType dtype = DType.Float32)
    {
        using var outside = TensorPool.Suspend();
        return AddParameter(name, new Parameter(Tensor.Empty(shape, dtype)));
    }

    /// <summary>Puts a parameter under a name; one that is there already is replaced, which ties the two modules that hold it.</summary>
    protected Parameter AddParameter(string name, Parameter parameter)
    {
        var place = _parameters.FindIndex(entry => entry.Name == name);
        if (place < 0) _parameters.Add((name, parameter));
        else _parameters[place] = (name, parameter);
        return parameter;
    }

    /// <summary>The parameters of this module alone, not of those below it.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> OwnParameters => _parameters;

    /// <summary>Puts a smaller module under a name.</summary>
    protected T AddModule<T>(string name, T module)
        where T : Module
    {
        _modules.Add((name, module));
        return module;
    }

    /// <summary>This module and all below it with their dotted names, parents before children; the root's name is empty.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules(string prefix = "")
    {
        yield return (prefix, this);
        foreach (var (name, module) in _modules)
        {
            foreach (var inner in module.NamedModules(Join(prefix, name))) yield return inner;
        }
    }

    /// <summary>All parameters with their dotted names, in the order of declaration; a shared one once, under its first name, unless <paramref name="all"/>.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> NamedParameters(bool all = false, string prefix = "")
    {
        var seen = new HashSet<Parameter>();
        foreach (var (path, module) in NamedModules(prefix))
        {
            foreach (var (name, parameter) in module._parameters)
            {
                if (seen.Add(parameter) || all) yield return (Join(path, name), parameter);
            }
        }
    }

    /// <summary>All parameters, a shared one once.</summary>
    public IEnumerable<Parameter> Parameters() => NamedParameters().Select(entry => entry.Parameter);

    /// <summary>Switches dropout and the like on, or off with <c>false</c>, here and below.</summary>
    public void Train(bool mode = true)
    {
        IsTraining = mode;
        foreach (var (_, module) in _modules) module.Train(mode);
    }

    /// <summary>Switches dropout and the like off, here and below.</summary>
    public void Eval() => Train(false);

    /// <summary>Moves all parameters to a dtype (and device).</summary>
    public void To(DType dtype, Device device = default)
    {
        foreach (var parameter in Parameters()) parameter.To(dtype, device);
    }

    /// <summary>Clears all gradients: to zero, where they are.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters())
        {
            if (parameter.Grad is { } gradient) Kernels.Backend.For(gradient).Fill(gradient, 0);
        }
    }

    /// <summary>Calls <paramref name="hook"/> with the input and the output of each forward pass of this module.</summary>
    /// <returns>Dispose it to take the hook away.</returns>
    public IDisposable RegisterForwardHook(ForwardHook hook)
    {
        (_forwardHooks ??= []).Add(hook);
        return new HookHandle(_forwardHooks, hook);
    }

    /// <summary>What a forward method returns where hooks are to see it: the output, or what they make of it.</summary>
    protected Tensor Hooked(Tensor input, Tensor output)
    {
        if (_forwardHooks is null) return output;
        foreach (var hook in _forwardHooks) output = hook(this, input, output);
        return output;
    }

    private sealed class HookHandle(List<ForwardHook> hooks, ForwardHook hook) : IDisposable
    {
        public void Dispose() => hooks.Remove(hook);
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";
}
