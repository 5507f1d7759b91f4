using System.Text.Json;
using NativeTrainer.Data;

namespace NativeTrainer.Tests.Data;

/// <summary>Rows as they stand in a golden; the first one names the columns, each value has a kind of its own.</summary>
internal sealed class JsonRows(params JsonElement[] rows) : IDataset
{
    public int Count => rows.Length;

    public IReadOnlyList<string> Columns { get; } = [.. rows[0].EnumerateObject().Select(entry => entry.Name)];

    public Feature this[int row, string column]
    {
        get
        {
            if (!rows[row].TryGetProperty(column, out var value)) return default;
            return value.ValueKind switch
            {
                JsonValueKind.Number when IsReal(value) => Feature.Of(value.GetDouble()),
                JsonValueKind.Number => Feature.Of(value.GetInt64()),
                JsonValueKind.True or JsonValueKind.False => Feature.Of(value.GetBoolean()),
                JsonValueKind.String => Feature.Of(value.GetString()!),
                JsonValueKind.Array when value.EnumerateArray().Any(IsReal) =>
                    Feature.Of([.. value.EnumerateArray().Select(item => item.GetSingle())], 0, value.GetArrayLength()),
                JsonValueKind.Array => Feature.Of([.. value.EnumerateArray().Select(item => item.GetInt32())], 0, value.GetArrayLength()),
                _ => default,
            };
        }
    }

    private static bool IsReal(JsonElement value) => value.GetRawText().AsSpan().ContainsAny('.', 'e');
}
