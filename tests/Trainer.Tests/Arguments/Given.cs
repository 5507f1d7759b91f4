using System.Text.Json;

namespace NativeTrainer.Tests.Arguments;

/// <summary>Arguments as the goldens have them: on a machine without a GPU where tensorboard is installed.</summary>
internal static class Given
{
    public static readonly Surroundings Surroundings = new() { ReportingIntegrations = ["tensorboard"], RunFolder = () => "<date>_<host>" };

    public static TrainingArguments Training() => new("") { Surroundings = Surroundings };

    public static Seq2SeqTrainingArguments Seq2Seq() => new("") { Surroundings = Surroundings };

    /// <summary>Completed arguments with these values and, unless they have another, the output folder out.</summary>
    public static T With<T>(T args, JsonElement? given = null)
        where T : TrainingArguments
    {
        var values = new OrderedDictionary<string, object?> { ["output_dir"] = "out" };
        if (given is { } element) foreach (var (name, value) in Golden.Map(element)) values[name] = value;
        new HfArgumentParser(args).ParseDict(values);
        return args;
    }

    /// <summary>All fields as they are, tokens shown.</summary>
    public static OrderedDictionary<string, object?> Values(IArgumentGroup group)
    {
        var values = new OrderedDictionary<string, object?>();
        foreach (var field in group.Fields) values[field.Name] = field.Get(group);
        return values;
    }

    /// <summary>The fields that differ from the base, in value or kind of number.</summary>
    public static OrderedDictionary<string, object?> Changed(IArgumentGroup group, IReadOnlyDictionary<string, object?> from)
    {
        var changed = new OrderedDictionary<string, object?>();
        foreach (var (name, value) in Values(group))
        {
            var before = PythonJson.Write(from.GetValueOrDefault(name), sortKeys: true);
            if (PythonJson.Write(value, sortKeys: true) != before) changed[name] = value;
        }
        return changed;
    }
}
