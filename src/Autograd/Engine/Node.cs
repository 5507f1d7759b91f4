using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>One recorded operation: where its inputs came from, what it needs to remember, and how gradients go back through it.</summary>
/// <remarks>
/// An operation derives a class <c>XBackward</c> beside its forward method, keeps its scalars in fields, its tensors with <see cref="Save"/>, and in
/// <see cref="Backward"/> gives each input that <see cref="Needs"/> one its gradient. Nodes are pooled: all fields must be set anew at each recording.
/// </remarks>
public abstract class Node : PooledObject
{
    private static long _sequence;

    private Edge[] _inputs = new Edge[4];
    private SavedTensor[] _saved = new SavedTensor[4];
    private Tensor[] _gradients = new Tensor[1];
    private int _inputCount;
    private int _savedCount;
    private List<(int Output, Func<Tensor, Tensor?> Hook)>? _hooks;
    private Tensor[]? _retained;

    /// <summary>The operation's name, as errors show it.</summary>
    public string Name => GetType().Name is var name && name.EndsWith("Backward", StringComparison.Ordinal) ? name[..^8] : name;

    /// <summary>Creation order on the whole: a node's inputs always have lower numbers.</summary>
    internal long Sequence { get; private set; }

    /// <summary>Every node made from now on has this number or a higher one.</summary>
    internal static long NextSequence => Interlocked.Read(ref _sequence) + 1;

    /// <summary>The last backward walk that has met this node.</summary>
    internal long Walk { get; set; }

    /// <summary>Whether a backward pass has been through and let the saved tensors go.</summary>
    internal bool IsReleased { get; private set; }

    internal int OutputCount { get; private set; }

    internal ReadOnlySpan<Edge> Inputs => _inputs.AsSpan(0, _inputCount);

    internal ReadOnlySpan<Tensor> Gradients => _gradients.AsSpan(0, OutputCount);

    /// <summary>Gradient of the first output; <c>default</c> where none arrived (<see cref="Tensor.IsAlive"/> tells).</summary>
    protected Tensor Gradient => _gradients[0];

    /// <summary>Gives each input its gradient. Runs without recording; temporary tensors are reclaimed right after.</summary>
    protected internal abstract void Backward();

    /// <summary>Gradient of an output; <c>default</c> where none arrived.</summary>
    protected Tensor GradientOf(int output) => _gradients[output];

    /// <summary>Whether an input wants a gradient.</summary>
    protected bool Needs(int input) => _inputs[input].Target is not null;

    /// <summary>Hands an input its gradient (of the input's shape); contributions add up.</summary>
    protected void Give(int input, Tensor gradient)
    {
        if (_inputs[input] is { Target: { } target } edge) target.Receive(edge.Output, gradient.HandOver());
    }

    /// <summary>
    /// The buffer of an input that is a leaf (a parameter) with a gradient already, so that a kernel can add to it directly instead of
    /// making a tensor that is then added; false where the gradient must be given.
    /// </summary>
    protected bool TryGetBuffer(int input, out Tensor buffer)
    {
        buffer = default;
        return _inputs[input].Target is LeafGradient leaf && leaf.TryGetBuffer(out buffer);
    }

    /// <summary>For kernels that add: the buffer of an input that is a leaf with a contiguous one, else zeros, which must be given (<paramref name="isNew"/>).</summary>
    protected Tensor Accumulator(int input, Shape shape, DType dtype, Device device, out bool isNew)
    {
        isNew = !(TryGetBuffer(input, out var buffer) && buffer.IsContiguous);
        return isNew ? Tensor.Zeros(shape, dtype, device) : buffer;
    }

    /// <summary>Remembers tensors for the backward pass, which is refused if one of them is changed in place before.</summary>
    public void Save(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (_savedCount == _saved.Length) Array.Resize(ref _saved, _savedCount * 2);
            _saved[_savedCount++] = new SavedTensor(tensor);
        }
    }

    /// <summary>A tensor that was saved, in the order of saving.</summary>
    protected Tensor Saved(int index) => _saved[index].Unpack(this, index);

    /// <summary>Makes a tensor one more output of this node.</summary>
    public void AddOutput(Tensor output)
    {
        if (OutputCount == _gradients.Length) Array.Resize(ref _gradients, OutputCount * 2);
        output.GradientNode = this;
        output.OutputIndex = OutputCount++;
    }

    internal void Begin(ReadOnlySpan<Tensor> inputs)
    {
        Sequence = Interlocked.Increment(ref _sequence);
        if (_inputs.Length < inputs.Length) _inputs = new Edge[inputs.Length];
        for (var i = 0; i < inputs.Length; i++) _inputs[i] = inputs[i].IsAlive ? Edge.To(inputs[i]) : default;
        _inputCount = inputs.Length;
    }

    internal virtual void Receive(int output, Tensor gradient)
    {
        ref var slot = ref _gradients[output];
        if (!slot.IsAlive)
        {
            slot = gradient;
        }
        else
        {
            var sum = (slot + gradient).HandOver();
            BackwardPass.Consumed(slot);
            slot = sum;
        }
        slot.Storage.PendingGradients++;
    }

    /// <summary>Keeps the gradient of an output for the user to read after the pass.</summary>
    internal void Retain(int output)
    {
        if (_retained is not null && output < _retained.Length) return;
        Array.Resize(ref _retained, OutputCount);
        AddHook(output, gradient =>
        {
            gradient.Storage.PendingGradients++; // never consumed, so never given back early
            _retained[output] = gradient;
            return null;
        });
    }

    internal Tensor? Retained(int output) => _retained is { } retained && output < retained.Length && retained[output].IsAlive ? retained[output] : null;

    internal void AddHook(int output, Func<Tensor, Tensor?> hook) => (_hooks ??= []).Add((output, hook));

    internal void RemoveHook(Func<Tensor, Tensor?> hook) => _hooks?.RemoveAll(entry => entry.Hook == hook);

    internal bool HasHooks => _hooks is { Count: > 0 };

    internal void RunHooks()
    {
        if (_hooks is null) return;
        foreach (var (output, hook) in _hooks)
        {
            ref var slot = ref _gradients[output];
            if (!slot.IsAlive || hook(slot) is not { } replacement) continue;
            if (replacement.Shape != slot.Shape)
            {
                throw new InvalidOperationException($"a gradient hook of {Name} gave shape {replacement.Shape}, expected {slot.Shape}");
            }
            replacement.Storage.PendingGradients++;
            BackwardPass.Consumed(slot);
            slot = replacement;
        }
    }

    /// <summary>Lets the incoming gradients go, and the saved tensors too unless the graph is retained.</summary>
    internal void Finish(bool retainGraph)
    {
        foreach (ref var gradient in _gradients.AsSpan(0, OutputCount))
        {
            if (gradient.IsAlive) BackwardPass.Consumed(gradient);
            gradient = default;
        }
        if (retainGraph) return;
        IsReleased = true;
        _saved.AsSpan(0, _savedCount).Clear();
    }

    /// <inheritdoc/>
    protected internal override void Reset()
    {
        _inputs.AsSpan(0, _inputCount).Clear();
        _saved.AsSpan(0, _savedCount).Clear();
        _gradients.AsSpan(0, OutputCount).Clear();
        (_inputCount, _savedCount, OutputCount, IsReleased, Walk) = (0, 0, 0, false, 0);
        _hooks?.Clear();
        _retained = null;
    }
}

/// <summary>Where an input came from: an output of a node, or nothing that needs a gradient.</summary>
internal readonly record struct Edge(Node? Target, int Output)
{
    public static Edge To(Tensor tensor) => new(tensor.GradientNode as Node, tensor.OutputIndex);
}

/// <summary>A tensor and the version that it had when it was saved.</summary>
internal readonly struct SavedTensor(Tensor tensor)
{
    private readonly int _version = tensor.IsAlive ? tensor.Version : 0;

    public Tensor Unpack(Node node, int index)
    {
        if (tensor.IsAlive && tensor.Version != _version)
        {
            throw new InvalidOperationException(
                $"backward of {node.Name}: saved tensor {index} ({tensor}) was changed in place after the forward pass: version {tensor.Version}, expected {_version}");
        }
        return tensor;
    }
}
