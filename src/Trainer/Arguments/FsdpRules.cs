namespace NativeTrainer;

/// <summary>The rules between <c>fsdp</c>, <c>fsdp_config</c> and the old names of its settings.</summary>
internal static class FsdpRules
{
    private const string MinParams = "min_num_params";
    private const string Wrapped = "transformer_layer_cls_to_wrap";

    public static void Apply(TrainingArguments args, Action<string> warn)
    {
        if (args.Fsdp is [FsdpOption.Offload])
        {
            throw new InvalidArgumentException("fsdp", "is offload alone, expected a way of sharding with it, for instance full_shard");
        }
        if (args.Fsdp.Contains(FsdpOption.FullShard) && args.Fsdp.Contains(FsdpOption.ShardGradOp))
        {
            throw new InvalidArgumentException("fsdp", "has full_shard and shard_grad_op, expected one of them");
        }
        var config = WithoutPrefix(args.FsdpConfig);
        OldNames(args, config, warn);
        if (config.TryGetValue(Wrapped, out var names) && names is string single) config[Wrapped] = new List<object?> { single };

        var (shards, byNames, bySize) = (args.Fsdp.Count > 0, config.GetValueOrDefault(Wrapped) is not null, MinimalSize(config) > 0);
        if (shards && byNames && bySize)
        {
            throw new InvalidArgumentException("fsdp_config", $"has {MinParams} and {Wrapped}, expected one of them");
        }
        if (!shards && bySize) warn($"fsdp_config {MinParams} has no effect without fsdp");
        if (!shards && byNames) warn($"fsdp_config {Wrapped} has no effect without fsdp");

        config.TryAdd("xla", false);
        config.TryAdd("xla_fsdp_grad_ckpt", false);
        var withoutXla = config["xla"] is false && config["xla_fsdp_grad_ckpt"] is true;
        if (withoutXla) warn("fsdp_config xla_fsdp_grad_ckpt has no effect without xla");
        args.FsdpConfig = config;
    }

    // Accelerate's own files have fsdp_ in front of each name.
    private static OrderedDictionary<string, object?> WithoutPrefix(IReadOnlyDictionary<string, object?>? given)
    {
        var config = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in given ?? new Dictionary<string, object?>()) if (!HasPrefix(key)) config[key] = value;
        foreach (var (key, value) in given ?? new Dictionary<string, object?>()) if (HasPrefix(key)) config[key["fsdp_".Length..]] = value;
        return config;

        static bool HasPrefix(string key) => key.StartsWith("fsdp_", StringComparison.Ordinal);
    }

    private static void OldNames(TrainingArguments args, OrderedDictionary<string, object?> config, Action<string> warn)
    {
        if (args.FsdpMinNumParams > 0) warn($"fsdp_min_num_params is the old form of fsdp_config {MinParams}");
        var given = MinimalSize(config);
        config[MinParams] = args.FsdpMinNumParams > given ? (long)args.FsdpMinNumParams : given.ToPlain();
        if (args.FsdpTransformerLayerClsToWrap is null) return;
        warn($"fsdp_transformer_layer_cls_to_wrap is the old form of fsdp_config {Wrapped}");
        config.TryAdd(Wrapped, new List<object?> { args.FsdpTransformerLayerClsToWrap });
    }

    private static Number MinimalSize(OrderedDictionary<string, object?> config) => config.GetValueOrDefault(MinParams) switch
    {
        null => 0,
        long or double or int => PythonValue.ToNumber(config[MinParams]),
        var other => throw InvalidArgumentException.Value("fsdp_config " + MinParams, other, "a number"),
    };
}
