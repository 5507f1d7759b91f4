using System.Text;

namespace NativeTrainer;

/// <content>The arguments as dictionaries, JSON and text, as Hugging Face writes them.</content>
public partial class TrainingArguments
{
    /// <summary>
    /// The arguments as JSON has them (see <see cref="PythonValue"/>), by name, in the order in which they are declared. Tokens are
    /// replaced by their names in capitals.
    /// </summary>
    public virtual OrderedDictionary<string, object?> ToDict()
    {
        Complete();
        var dict = new OrderedDictionary<string, object?>();
        foreach (var field in Fields.Where(f => f.IsSettable && f.IsShown(this))) dict[field.Name] = Hidden(field) ?? field.Get(this);
        return dict;
    }

    /// <summary>The arguments as JSON, two blanks a level, no newline at the end.</summary>
    public string ToJsonString() => PythonJson.Write(ToDict(), indent: 2);

    /// <summary>The arguments and the two batch sizes, for reports: what is no bool, number or text becomes Python's text of it.</summary>
    public OrderedDictionary<string, object> ToSanitizedDict()
    {
        var dict = ToDict();
        dict["train_batch_size"] = TrainBatchSize;
        dict["eval_batch_size"] = EvalBatchSize;
        var sane = new OrderedDictionary<string, object>();
        foreach (var (key, value) in dict)
        {
            sane[key] = PythonValue.Normalize(value) is { } plain and (bool or long or double) ? plain : PythonText.Str(value);
        }
        return sane;
    }

    /// <summary>The arguments one a line, sorted by name, as Python prints them.</summary>
    public override string ToString()
    {
        Complete();
        var text = new StringBuilder(GetType().Name).Append("(\n");
        foreach (var field in Fields.Where(f => f.IsShown(this)).OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (field.Name is "per_gpu_train_batch_size" or "per_gpu_eval_batch_size") continue;
            text.Append(field.Name).Append('=').Append(Hidden(field) ?? field.GetText(this)).Append(",\n");
        }
        return text.Append(')').ToString();
    }

    private static string? Hidden(ArgumentField field)
        => field.Name.EndsWith("_token", StringComparison.Ordinal) ? $"<{field.Name.ToUpperInvariant()}>" : null;
}
