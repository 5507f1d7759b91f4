using System.Text.Json;

namespace NativeTrainer.Tensors.Tests;

/// <summary>The numbers of the real thing, copied beside the tests.</summary>
internal static class Golden
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Goldens", name);

    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path(name)));
        return document.RootElement.Clone();
    }

    /// <summary>All numbers of a nest of arrays, in order.</summary>
    public static IEnumerable<JsonElement> Flat(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flat) : [element];
}
