namespace NativeTrainer.Models;

/// <summary>The JSON files of a model's folder, with the bytes that Hugging Face would have written (<see cref="PythonJson"/>).</summary>
internal static class PlainJson
{
    /// <summary>Reads an object from a file.</summary>
    /// <exception cref="ConfigurationException">There is no such file, or it holds no JSON object.</exception>
    public static IReadOnlyDictionary<string, object?> ReadFile(string path)
    {
        if (!File.Exists(path)) throw new ConfigurationException(path, "no such file");
        try
        {
            var value = PythonJson.Read(File.ReadAllText(path));
            return value as IReadOnlyDictionary<string, object?>
                ?? throw new ConfigurationException(path, $"found {Shortened(Write(value))}, expected an object");
        }
        catch (FormatException e)
        {
            throw new ConfigurationException(path, e.Message, e);
        }
    }

    /// <summary>The text of a plain value, keys sorted, on one line or two blanks a level.</summary>
    public static string Write(object? value, bool indented = false) => PythonJson.Write(value, indented ? 2 : null, sortKeys: true);

    private static string Shortened(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
