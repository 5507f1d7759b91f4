using NativeTrainer.Autograd;

namespace NativeTrainer.Optimization;

/// <summary>Parameters that share a learning rate and a weight decay, in flat buffers.</summary>
public sealed class ParameterGroup : ParameterGroupOptions
{
    /// <summary>Moves the parameters into flat buffers.</summary>
    public ParameterGroup(IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay)
        : base(learningRate, weightDecay) => Flat = new FlatParameters(parameters);

    /// <summary>Weights and gradients.</summary>
    public FlatParameters Flat { get; }

    /// <summary>The two groups that Transformers makes: what decays, and what does not (normalisations and biases).</summary>
    /// <param name="model">Frozen parameters are left out.</param>
    /// <param name="decayNames">Names of the parameters that decay; see <see cref="DecayParameterNames"/>.</param>
    /// <param name="learningRate">Of both.</param>
    /// <param name="weightDecay">Of the first.</param>
    public static IReadOnlyList<ParameterGroup> Of(Module model, IReadOnlySet<string> decayNames, double learningRate, double weightDecay)
    {
        var trained = model.NamedParameters().Where(entry => entry.Parameter.RequiresGrad)
            .ToLookup(entry => decayNames.Contains(entry.Name), entry => entry.Parameter);
        return
        [
            new ParameterGroup([.. trained[true]], learningRate, weightDecay),
            new ParameterGroup([.. trained[false]], learningRate, 0),
        ];
    }

    /// <summary>The parameters that weight decay applies to: all but those of
    /// normalisations and those with <c>bias</c> in their name.</summary>
    public static IReadOnlySet<string> DecayParameterNames(Module model)
    {
        var normalisations = model.NamedModules().Where(entry => entry.Module.IsNormalization)
            .SelectMany(entry => entry.Module.NamedParameters(all: true, prefix: entry.Name));
        var excluded = normalisations.Select(entry => entry.Name).ToHashSet();
        return model.NamedParameters().Select(entry => entry.Name)
            .Where(name => !excluded.Contains(name) && !name.Contains("bias", StringComparison.Ordinal)).ToHashSet();
    }
}
