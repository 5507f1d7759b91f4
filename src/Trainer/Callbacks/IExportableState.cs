namespace NativeTrainer;

/// <summary>A callback that counts something which a resumed training is to go on with; newer Transformers calls it <c>ExportableState</c>.</summary>
/// <remarks>It is kept in the checkpoint's <c>nativetrainer.safetensors</c> under the callback's type; of two of one type the first is kept.</remarks>
public interface IExportableState
{
    /// <summary>What to keep: plain values (see <see cref="PythonValue"/>) by name.</summary>
    IReadOnlyDictionary<string, object?> ExportState();

    /// <summary>Goes on with what was kept; names that are missing leave things as they are.</summary>
    void ImportState(IReadOnlyDictionary<string, object?> state);
}
