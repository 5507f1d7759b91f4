namespace NativeTrainer.Models;

/// <summary>
/// A model's configuration that cannot be used: where it is from, the field, what was found and what was expected, in one line.
/// </summary>
public sealed class ConfigurationException(string source, string problem, Exception? inner = null)
    : ArgumentException($"{source}: {problem}", inner)
{
    /// <summary>The file, or the name of the option that the value came with.</summary>
    public string Origin { get; } = source;
}
