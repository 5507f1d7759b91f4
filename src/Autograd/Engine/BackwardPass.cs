using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The walk from a result back to the leaves: newest node first, each after everything that used its outputs.</summary>
internal sealed class BackwardPass
{
    private static long _walks;

    [ThreadStatic]
    private static Stack<BackwardPass>? _idle;

    private readonly List<Node> _order = [];
    private readonly Stack<Node> _open = new();

    /// <param name="root">Where the walk starts.</param>
    /// <param name="gradient">The root's gradient.</param>
    /// <param name="retainGraph">Keep what the nodes saved.</param>
    /// <param name="first">Only nodes of this number and after may be met, and leaves: the walk of a checkpoint stays inside.</param>
    public static void Run(Tensor root, Tensor gradient, bool retainGraph, long first = 0)
    {
        if (root.GradientNode is not Node start)
        {
            throw new InvalidOperationException($"Backward() on {root}, which needs no gradient: nothing that made it has RequiresGrad");
        }
        if (gradient.Shape != root.Shape || gradient.DType != root.DType)
        {
            throw new ArgumentException($"the gradient of {root} has its shape and dtype, found {gradient}", nameof(gradient));
        }

        // A checkpoint walks inside a walk, so each has lists of its own, kept for the next time.
        var idle = _idle ??= new Stack<BackwardPass>();
        if (!idle.TryPop(out var pass)) pass = new BackwardPass();
        try
        {
            using (NoGrad.Enter())
            using (Autocast.Enter(null)) pass.Walk(start, root.OutputIndex, gradient, retainGraph, first);
        }
        finally
        {
            Autocast.Forget(); // the walk has freed the conversions of weights
            pass._order.Clear();
            pass._open.Clear();
            idle.Push(pass);
        }
    }

    /// <summary>A gradient has been used; its memory goes back if the walk made it and nothing else waits for it.</summary>
    public static void Consumed(Tensor gradient)
    {
        var storage = gradient.Storage;
        if (--storage.PendingGradients == 0 && storage.IsGradient && storage.IsPooled) storage.Release();
    }

    private void Walk(Node start, int output, Tensor gradient, bool retainGraph, long first)
    {
        Collect(start, first);
        start.Receive(output, gradient);
        foreach (var node in _order)
        {
            if (node.IsReleased)
            {
                throw new InvalidOperationException(
                    $"the graph through {node.Name} was freed by an earlier Backward(); pass retainGraph: true to the earlier call");
            }
            Visit(node);
            node.Finish(retainGraph || node is LeafGradient);
        }
    }

    private static void Visit(Node node)
    {
        node.RunHooks();
        var arrived = node is LeafGradient;
        foreach (var gradient in node.Gradients) arrived |= gradient.IsAlive;
        if (!arrived) return;
        if (TensorPool.Current is { } pool)
        {
            using var scope = pool.Enter();
            node.Backward();
        }
        else
        {
            node.Backward();
        }
    }

    private void Collect(Node start, long first)
    {
        var walk = Interlocked.Increment(ref _walks);
        Meet(start);
        while (_open.TryPop(out var node))
        {
            _order.Add(node);
            foreach (var edge in node.Inputs) Meet(edge.Target);
        }
        _order.Sort(static (a, b) => b.Sequence.CompareTo(a.Sequence));

        void Meet(Node? node)
        {
            if (node is null || node.Walk == walk) return;
            if (node.Sequence < first && node is not LeafGradient)
            {
                throw new InvalidOperationException($"Checkpoint: the body uses a tensor that {node.Name} computed outside; make it an input of the checkpoint");
            }
            node.Walk = walk;
            _open.Push(node);
        }
    }
}
