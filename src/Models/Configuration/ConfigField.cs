namespace NativeTrainer.Models;

/// <summary>What a model does with a field of its <c>config.json</c>.</summary>
public enum FieldUse : byte
{
    /// <summary>The model acts on it.</summary>
    Honoured,

    /// <summary>
    /// It changes nothing that the model computes: it is for other programs, frameworks or models. Read and written back.
    /// </summary>
    Kept,

    /// <summary>Only its default is supported; another value is refused by name.</summary>
    DefaultOnly,
}

/// <summary>A field that a model knows.</summary>
/// <param name="Name">Its name in <c>config.json</c>.</param>
/// <param name="Default">What it is where a file does not say: null, bool, long, double, text, a list or a dictionary of these.</param>
/// <param name="Use">What the model does with it.</param>
/// <param name="IsOptional">Whether it is absent, not at its default, where a file does not have it (fields of other versions).</param>
public readonly record struct ConfigField(string Name, object? Default, FieldUse Use = FieldUse.Honoured, bool IsOptional = false);
