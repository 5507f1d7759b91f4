using NativeTrainer.Data;
using NativeTrainer.Models;

namespace NativeTrainer.Cli.Tasks;

/// <summary>The classes of a classifier: how many, and what they are called in <c>config.json</c> (<c>id2label</c>).</summary>
/// <remarks>
/// A model that is a classifier already, or whose configuration names classes or their number, has the last word: labels must fit it.
/// Else the classes are those of the training data: texts in alphabetical order, numbers from 0 to the greatest.
/// </remarks>
internal sealed class ClassNames
{
    private readonly PretrainedConfig _config;
    private readonly Dictionary<string, long> _ids = [];

    /// <summary>Takes the configuration that will be the model's.</summary>
    /// <param name="context">The configuration, and what was changed of it.</param>
    /// <param name="head">How the architecture of a model that has a head for the task ends: <c>ForTokenClassification</c>.</param>
    public ClassNames(TaskContext context, string head)
    {
        _config = context.Config;
        Read();
        HasDefaultNames = Names.Select((name, id) => name == $"LABEL_{id}").All(isDefault => isDefault);
        IsGiven = !HasDefaultNames || Names.Count != 2 || (_config.Architecture?.EndsWith(head, StringComparison.Ordinal) ?? false)
            || (context.Model.ConfigOverrides?.Contains("num_labels=", StringComparison.Ordinal) ?? false);
    }

    /// <summary>The names by id.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>How many classes there are.</summary>
    public int Count => Names.Count;

    /// <summary>Whether the model says how many classes there are.</summary>
    public bool IsGiven { get; }

    /// <summary>Whether the classes are called LABEL_0, LABEL_1, ….</summary>
    public bool HasDefaultNames { get; private set; }

    /// <summary>Has the model know the classes that the training data names.</summary>
    /// <param name="file">The training data.</param>
    /// <param name="column">The column, for messages.</param>
    /// <param name="names">The names that occur.</param>
    public void Learn(TaskFile file, string column, IEnumerable<string> names)
    {
        if (!HasDefaultNames) return; // each label is looked up among the model's own
        var sorted = names.Distinct().Order(StringComparer.Ordinal).ToList();
        if (sorted.Count > 0 && sorted.All(_ids.ContainsKey)) return; // the data has LABEL_0, LABEL_1, … too
        if (IsGiven && sorted.Count != Count)
        {
            throw new InvalidDataException(
                $"{file.Argument}: {file.FirstFile} has {sorted.Count} labels in {column} ({Shorten(sorted)}), expected {Count}, "
                + "as the model has classes (num_labels)");
        }
        Set(sorted);
    }

    /// <summary>Has the model know as many classes as the training data numbers.</summary>
    /// <param name="count">The greatest label and one.</param>
    public void Learn(long count)
    {
        if (!IsGiven) Set([.. Enumerable.Range(0, (int)Math.Max(2, count)).Select(id => $"LABEL_{id}")]);
    }

    /// <summary>Has the model give a single number.</summary>
    public void LearnNumber(TaskFile file, string column)
    {
        if (IsGiven && Count != 1)
        {
            throw new InvalidDataException(
                $"{file.Argument}: {file.FirstFile} has numbers with a fraction in {column}, expected classes from 0 to {Count - 1}: the "
                + $"model has {Count} (num_labels); for a regression set config_overrides num_labels=1");
        }
        if (Count != 1) Set(["LABEL_0"]);
    }

    /// <summary>The class of a label, a name or a number.</summary>
    /// <exception cref="InvalidDataException">There is no such class.</exception>
    public long IdOf(TaskFile file, int row, string column, Feature label) => label.Kind switch
    {
        FeatureKind.Text => IdOf(file, row, column, label.Text),
        FeatureKind.Int or FeatureKind.Bool => IdOf(file, row, column, label.Int),
        _ => throw file.Wrong(row, $"has {TaskFile.Spell(label)} in {column}, expected a class: a whole number or a text"),
    };

    /// <summary>The class of a number.</summary>
    public long IdOf(TaskFile file, int row, string column, long label) => label >= 0 && label < Count
        ? label
        : throw file.Wrong(row, $"has the label {label} in {column}, expected one from 0 to {Count - 1} (num_labels {Count})");

    /// <summary>The class of a name.</summary>
    public long IdOf(TaskFile file, int row, string column, string label) => _ids.TryGetValue(label, out var id)
        ? id
        : throw file.Wrong(row, $"has the label \"{label}\" in {column}, expected one of {Shorten(Names)} (id2label)");

    private void Set(IReadOnlyList<string> names)
    {
        _config["id2label"] = names.Select((name, id) => (name, id)).ToDictionary(e => $"{e.id}", e => (object?)e.name);
        _config["label2id"] = names.Select((name, id) => (name, id)).ToDictionary(e => e.name, e => (object?)(long)e.id);
        Read();
    }

    private void Read()
    {
        var names = _config["id2label"] as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>();
        Names = [.. Enumerable.Range(0, names.Count).Select(id => names.GetValueOrDefault($"{id}") as string ?? $"LABEL_{id}")];
        _ids.Clear();
        for (var id = 0; id < Names.Count; id++) _ids[Names[id]] = id;
    }

    private static string Shorten(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10)) + (names.Count > 10 ? $", … ({names.Count})" : "");
}
