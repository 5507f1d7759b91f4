using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Mixed precision: inside the scope, operations compute in the dtype that suits them, and weights stay float32
/// (torch.autocast, with the lists that PyTorch has for CPUs).</summary>
/// <remarks>
/// <para>P. Micikevicius et al., "Mixed precision training" (2018). Products (Linear, Conv1D, MatMul, attention) take their operands in
/// the low dtype; losses (CrossEntropy, MseLoss, BceWithLogits, LabelSmoothedLoss) in float32; where an elementwise operation meets two
/// dtypes, the wider one wins; everything else keeps what it gets. float64 and whole numbers are left alone.</para>
/// <para>The setting belongs to the thread. A weight is converted once in a scope, however often it is used. Backward passes run in the
/// dtypes of the forward pass, whether they are called inside the scope or after it; checkpointed segments go back to the setting that
/// they were first run with.</para>
/// <example><code>
/// using (Autocast.Enter(DType.BFloat16)) loss = model.Forward(batch).Loss!.Value;
/// loss.Backward();
/// </code></example>
/// </remarks>
public static class Autocast
{
    [ThreadStatic]
    private static State? _state;

    /// <summary>The low dtype of this thread's innermost scope; null where none is open or it is switched off.</summary>
    public static DType? LowDType => _state?.Low;

    /// <summary>Whether that scope is for embeddings too.</summary>
    public static bool LowersEmbeddings => _state is { Low: not null, Embeddings: true };

    /// <summary>Switches to a low dtype until the scope is disposed.</summary>
    /// <param name="low">bfloat16 or float16; null to compute in the tensors' own dtypes.</param>
    /// <param name="embeddings">Look up low embeddings too, so that all activations have the low dtype.</param>
    /// <exception cref="ArgumentException">Another dtype.</exception>
    public static Scope Enter(DType? low, bool embeddings = false)
    {
        if (low is not (null or DType.BFloat16 or DType.Float16))
        {
            throw new ArgumentException($"Autocast computes in bfloat16 or float16, found {low.Value.TorchName}", nameof(low));
        }
        if (low is null && _state is null) return default;
        var state = _state ??= new State();
        var scope = new Scope(state);
        (state.Low, state.Embeddings, state.Depth) = (low, embeddings, state.Depth + 1);
        return scope;
    }

    /// <summary>An operand of an operation that runs in the low dtype; <c>default</c> stays.</summary>
    internal static Tensor Lower(Tensor tensor)
    {
        if (_state is not { Low: { } low } state || !IsEligible(tensor) || tensor.DType == low) return tensor;
        if (tensor.GradientNode is not LeafGradient leaf) return tensor.To(low);
        if (state.Weights.TryGetValue(leaf, out var found) && found.Low.IsAlive && found.Low.DType == low
            && found.Version == tensor.Version && (found.Low.RequiresGrad || !GradientMode.IsEnabled))
        {
            return found.Low;
        }
        var lowered = tensor.To(low);
        state.Weights[leaf] = (lowered, tensor.Version);
        return lowered;
    }

    /// <inheritdoc cref="Lower(Tensor)"/>
    internal static Tensor? Lower(Tensor? tensor) => tensor is { } given ? Lower(given) : null;

    /// <summary>A table of embeddings, low only where the scope says so.</summary>
    internal static Tensor LowerEmbeddings(Tensor table) => LowersEmbeddings ? Lower(table) : table;

    /// <summary>What is added to scores: as <see cref="Lower(Tensor)"/>, but numbers beyond the low dtype stay finite.</summary>
    internal static Tensor? LowerMask(Tensor? mask)
    {
        if (_state is not { Low: { } low } || mask is not { } given || !IsEligible(given) || given.DType == low) return mask;
        return given.To(low).Clamp(low == DType.Float16 ? (double)Half.MinValue : -3.3895313892515355e38, null);
    }

    /// <summary>A tensor of low dtype in float32 where a scope is open; others as they are.</summary>
    public static Tensor Raise(Tensor tensor) =>
        _state is { Low: not null } && IsEligible(tensor) ? tensor.To(DType.Float32) : tensor;

    /// <inheritdoc cref="Raise(Tensor)"/>
    public static Tensor? Raise(Tensor? tensor) => tensor is { } given ? Raise(given) : null;

    /// <summary>Weights are converted anew when they are used next.</summary>
    internal static void Forget() => _state?.Weights.Clear();

    /// <summary>Two operands that must agree: the wider dtype wins. Outside a scope nothing is converted, and the operation refuses two
    /// dtypes.</summary>
    internal static void Promote(ref Tensor left, ref Tensor right)
    {
        if (left.DType == right.DType || LowDType is null || !left.DType.IsFloatingPoint || !right.DType.IsFloatingPoint) return;
        var common = left.DType == DType.Float64 || right.DType == DType.Float64 ? DType.Float64 : DType.Float32;
        (left, right) = (left.To(common), right.To(common));
    }

    /// <summary>Whether tensors to be joined differ in precision inside a scope.</summary>
    internal static bool Disagree(ReadOnlySpan<Tensor> tensors)
    {
        if (LowDType is null) return false;
        foreach (var tensor in tensors)
        {
            if (tensor.DType != tensors[0].DType && tensor.DType.IsFloatingPoint && tensors[0].DType.IsFloatingPoint) return true;
        }
        return false;
    }

    /// <summary>Tensors to be joined, in the widest dtype among them.</summary>
    internal static Tensor[] Promote(ReadOnlySpan<Tensor> tensors)
    {
        var common = DType.Float32;
        foreach (var tensor in tensors) common = tensor.DType == DType.Float64 ? DType.Float64 : common;
        var promoted = new Tensor[tensors.Length];
        for (var i = 0; i < promoted.Length; i++) promoted[i] = tensors[i].DType.IsFloatingPoint ? tensors[i].To(common) : tensors[i];
        return promoted;
    }

    /// <summary>Whether an input has a low dtype where the parameters of a norm are float32, inside a scope.</summary>
    internal static bool IsNarrower(Tensor input, Tensor parameter) =>
        LowDType is not null && input.DType is DType.Float16 or DType.BFloat16 && parameter.DType == DType.Float32;

    /// <summary>An operand that follows another's dtype.</summary>
    internal static Tensor Like(Tensor tensor, Tensor other) =>
        LowDType is not null && tensor.DType.IsFloatingPoint && other.DType.IsFloatingPoint ? tensor.To(other.DType) : tensor;

    private static bool IsEligible(Tensor tensor) =>
        tensor.IsAlive && tensor.DType is DType.Float32 or DType.Float16 or DType.BFloat16;

    /// <summary>Puts the earlier setting back.</summary>
    public readonly ref struct Scope
    {
        private readonly State? _state;
        private readonly DType? _low;
        private readonly bool _embeddings;

        internal Scope(State state) => (_state, _low, _embeddings) = (state, state.Low, state.Embeddings);

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_state is null) return;
            (_state.Low, _state.Embeddings, _state.Depth) = (_low, _embeddings, _state.Depth - 1);
            if (_state.Depth == 0) _state.Weights.Clear();
        }
    }

    internal sealed class State
    {
        public DType? Low { get; set; }

        public bool Embeddings { get; set; }

        public int Depth { get; set; }

        /// <summary>The converted weights of the open scopes.</summary>
        public Dictionary<LeafGradient, (Tensor Low, int Version)> Weights { get; } = [];
    }
}
