using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A part of a model that is worked out from its inputs alone (and from parameters), the same way each time.</summary>
public delegate Tensor CheckpointBody(ReadOnlySpan<Tensor> inputs);

/// <summary>Trades time for memory: a segment keeps only its output, and is run once more in the backward pass.</summary>
/// <remarks>
/// <para>T. Chen, B. Xu, C. Zhang, C. Guestrin, "Training deep nets with sublinear memory cost" (2016).</para>
/// <para>The second run draws the same random numbers and computes in the same precision. Parameters that the body uses get their gradients as usual, even where no input
/// needs one. A computed tensor that needs a gradient must come in as an input; the backward pass refuses a body that took one from
/// outside.</para>
/// <example><code>hidden = Checkpoint.Run(layer.Forward, hidden);</code></example>
/// </remarks>
public static class Checkpoint
{
    /// <summary>Runs a segment of one input.</summary>
    public static Tensor Run(Func<Tensor, Tensor> body, Tensor input)
    {
        var random = RandomState.Current.Capture();
        var output = Forward(body, null, [input]);
        Record(output, random, [input])?.Single = body;
        return output;
    }

    /// <summary>Runs a segment of several inputs.</summary>
    public static Tensor Run(CheckpointBody body, params ReadOnlySpan<Tensor> inputs)
    {
        var random = RandomState.Current.Capture();
        var output = Forward(null, body, inputs);
        Record(output, random, inputs)?.Body = body;
        return output;
    }

    private static Tensor Forward(Func<Tensor, Tensor>? single, CheckpointBody? body, ReadOnlySpan<Tensor> inputs)
    {
        using var silent = NoGrad.Enter();
        if (TensorPool.Current is not { } pool) return Call(single, body, inputs).Detach();
        using var scope = pool.Enter();
        return Call(single, body, inputs).Detach().KeepInParent();
    }

    internal static Tensor Call(Func<Tensor, Tensor>? single, CheckpointBody? body, ReadOnlySpan<Tensor> inputs) =>
        single is not null ? single(inputs[0]) : body!(inputs);

    private static CheckpointBackward? Record(Tensor output, RandomSnapshot random, ReadOnlySpan<Tensor> inputs)
    {
        // Whether the body uses parameters is not known before it is run with recording on.
        if (!GradientMode.IsEnabled || !output.DType.IsFloatingPoint) return null;
        var node = TensorPool.Rent<CheckpointBackward>();
        node.Begin(inputs);
        node.AddOutput(output);
        node.Save(inputs);
        (node.Random, node.LowDType, node.LowersEmbeddings) = (random, Autocast.LowDType, Autocast.LowersEmbeddings);
        return node;
    }
}

internal sealed class CheckpointBackward : Node
{
    private Tensor[] _inputs = new Tensor[1];

    public Func<Tensor, Tensor>? Single { get; set; }

    public CheckpointBody? Body { get; set; }

    public RandomSnapshot Random { get; set; }

    public DType? LowDType { get; set; }

    public bool LowersEmbeddings { get; set; }

    // Runs inside a scope of its own, as every node's does: what the second run makes goes back at the end of this method.
    protected internal override void Backward()
    {
        var inputs = Detach(out var first);
        Tensor output;
        using (RandomState.Current.Rewind(Random))
        using (GradientMode.Set(true))
        using (Autocast.Enter(LowDType, LowersEmbeddings))
        {
            output = Checkpoint.Call(Single, Body, inputs);
        }
        if (output.Shape != Gradient.Shape || output.DType != Gradient.DType)
        {
            throw new InvalidOperationException(
                $"Checkpoint: the body gave {output} the second time, {Gradient.DType.TorchName} {Gradient.Shape} the first");
        }
        if (output.RequiresGrad) BackwardPass.Run(output, Gradient, retainGraph: false, first);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!Needs(i) || ((CheckpointInput)inputs[i].GradientNode!).Total is not { IsAlive: true } total) continue;
            Give(i, total);
            BackwardPass.Consumed(total);
        }
    }

    protected internal override void Reset()
    {
        base.Reset();
        _inputs.AsSpan().Clear();
        (Single, Body) = (null, null);
    }

    // The inputs as the second run sees them: gradients stop there and wait for the end of its walk.
    private ReadOnlySpan<Tensor> Detach(out long first)
    {
        first = NextSequence;
        if (_inputs.Length < Inputs.Length) _inputs = new Tensor[Inputs.Length];
        for (var i = 0; i < Inputs.Length; i++)
        {
            _inputs[i] = Saved(i) is { IsAlive: true } saved ? saved.Detach() : default;
            if (!Needs(i)) continue;
            var end = TensorPool.Rent<CheckpointInput>();
            end.Begin([]);
            end.AddOutput(_inputs[i]);
        }
        return _inputs.AsSpan(0, Inputs.Length);
    }
}

/// <summary>The end of the inner walk at an input of the segment.</summary>
internal sealed class CheckpointInput : Node
{
    public Tensor Total { get; private set; }

    protected internal override void Backward()
    {
        Total = Gradient;
        Total.Storage.PendingGradients++; // it outlives the inner walk; the checkpoint's node consumes it
    }

    protected internal override void Reset()
    {
        base.Reset();
        Total = default;
    }
}
