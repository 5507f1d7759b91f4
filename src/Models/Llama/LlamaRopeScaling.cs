using NativeTrainer.Autograd;

namespace NativeTrainer.Models;

/// <summary>A configuration's <c>rope_scaling</c>, read and checked.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Factor">How far it stretches.</param>
/// <param name="Bands">Which frequencies llama3 stretches.</param>
internal readonly record struct LlamaRopeScaling(RotaryScaling Kind, double Factor, RotaryBands Bands = default)
{
    /// <summary>Reads the field.</summary>
    /// <param name="given">The object; null for no scaling.</param>
    /// <param name="wrong">Makes the error for what is expected instead.</param>
    public static LlamaRopeScaling Of(IReadOnlyDictionary<string, object?>? given, Func<string, ConfigurationException> wrong)
    {
        if (given is null) return new(RotaryScaling.None, 1);
        var kind = given.GetValueOrDefault("rope_type") ?? given.GetValueOrDefault("type");
        string[] more = kind is "llama3" ? ["low_freq_factor", "high_freq_factor", "original_max_position_embeddings"] : [];
        if (given.Keys.Except(["rope_type", "type", "factor", .. more]).FirstOrDefault() is { } unknown)
        {
            throw wrong($"nothing called {unknown} in it for type {PlainJson.Write(kind)}");
        }
        if (kind is "default") return new(RotaryScaling.None, 1);
        if (kind is not ("linear" or "dynamic" or "llama3")) throw wrong("type (or rope_type) linear, dynamic, llama3 or default in it");
        var factor = Number("factor", least: 1);
        return kind switch
        {
            "linear" => new(RotaryScaling.Linear, factor),
            "dynamic" => new(RotaryScaling.Dynamic, factor),
            _ => new(RotaryScaling.Llama3, factor, Bands()),
        };

        RotaryBands Bands()
        {
            var bands = new RotaryBands(Number(more[0], 0), Number(more[1], 0), (long)Number(more[2], 1));
            return bands.HighFactor > bands.LowFactor ? bands : throw wrong("a high_freq_factor in it that is above low_freq_factor");
        }

        double Number(string name, double least) => given.GetValueOrDefault(name) switch
        {
            long whole when whole >= least => whole,
            double real when real >= least => real,
            _ => throw wrong(FormattableString.Invariant($"{name} in it, a number from {least} on")),
        };
    }
}
