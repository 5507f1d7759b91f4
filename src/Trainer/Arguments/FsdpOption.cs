namespace NativeTrainer;

/// <summary>How <c>fsdp</c> shards a model over processes.</summary>
public enum FsdpOption
{
    /// <summary>Parameters, gradients and optimizer state.</summary>
    FullShard,

    /// <summary>Gradients and optimizer state.</summary>
    ShardGradOp,

    /// <summary>Nothing.</summary>
    NoShard,

    /// <summary>As FullShard within a machine, copies across machines.</summary>
    HybridShard,

    /// <summary>As ShardGradOp within a machine, copies across machines.</summary>
    HybridShardZero2,

    /// <summary>Parameters and gradients wait in main memory.</summary>
    Offload,

    /// <summary>Wrap layers by a rule instead of the whole model.</summary>
    AutoWrap,
}
