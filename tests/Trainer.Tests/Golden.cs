using System.Text.Json;

namespace NativeTrainer.Tests;

/// <summary>The numbers and files of the real thing, copied beside the tests.</summary>
internal static class Golden
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Goldens", name);

    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path(name)));
        return document.RootElement.Clone();
    }
}
