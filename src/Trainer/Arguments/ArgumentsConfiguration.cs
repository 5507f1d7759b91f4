using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace NativeTrainer;

/// <summary>Arguments out of a service's configuration: appsettings.json, environment variables, anything that fills an <see cref="IConfiguration"/>.</summary>
/// <remarks>
/// Keys are the field names in snake_case or in PascalCase, in any case: <c>learning_rate</c>, <c>LearningRate</c>. A list is a section of numbered
/// entries, a dictionary a section of names.
/// <example><code>
/// builder.Services.AddTrainingArguments(builder.Configuration.GetSection("Training"));
/// // in a class: public Worker(IOptions&lt;TrainingArguments&gt; options)
/// </code></example>
/// </remarks>
public static class ArgumentsConfiguration
{
    /// <summary>Sets the fields that a section names and completes the group.</summary>
    /// <param name="group">Keeps what the section does not name.</param>
    /// <param name="section">Holds nothing but fields of the group.</param>
    /// <returns>The group.</returns>
    /// <exception cref="InvalidArgumentException">A key that is no field, or a value of the wrong kind; the message has the section's path.</exception>
    public static TGroup Bind<TGroup>(this TGroup group, IConfiguration section)
        where TGroup : class, IArgumentGroup
    {
        var fields = group.Fields.Where(field => field.IsSettable).ToDictionary(field => Plain(field.Name));
        foreach (var entry in section.GetChildren())
        {
            if (!fields.TryGetValue(Plain(entry.Key), out var field))
            {
                var nearest = NearestName.Find(entry.Key, group.Fields.Select(known => known.Name));
                throw new InvalidArgumentException(entry.Path, "is unknown; the nearest known name is " + nearest);
            }
            try
            {
                Set(group, field, entry);
            }
            catch (InvalidArgumentException e)
            {
                throw e.From(entry.Path);
            }
        }
        group.Complete();
        return group;
    }

    /// <summary>Gives a service <see cref="TrainingArguments"/> as options, bound to a section and checked when they are first asked for.</summary>
    public static IServiceCollection AddTrainingArguments(this IServiceCollection services, IConfiguration section) =>
        services.AddSingleton(_ => Options.Create(new TrainingArguments("").Bind(section)));

    /// <summary>Gives a service <see cref="Seq2SeqTrainingArguments"/> as options, as <see cref="AddTrainingArguments"/>.</summary>
    public static IServiceCollection AddSeq2SeqTrainingArguments(this IServiceCollection services, IConfiguration section) =>
        services.AddSingleton(_ => Options.Create(new Seq2SeqTrainingArguments("").Bind(section)));

    private static void Set(IArgumentGroup group, ArgumentField field, IConfigurationSection entry)
    {
        var children = entry.GetChildren().ToList();
        if (children.Count > 0 && children.Any(child => !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            field.Set(group, ToPlain(entry));
        }
        else if (children.Count > 0)
        {
            field.Read(group, [.. children.OrderBy(child => int.Parse(child.Key, CultureInfo.InvariantCulture)).Select(child => child.Value ?? "")]);
        }
        else if (entry.Value is null or "")
        {
            field.Set(group, null);
        }
        else
        {
            field.Read(group, [entry.Value]);
        }
    }

    // Configuration holds text; what reads as a JSON number or bool was one.
    private static object? ToPlain(IConfigurationSection entry)
    {
        var children = entry.GetChildren().ToList();
        if (children.Count > 0) return children.ToDictionary(child => child.Key, ToPlain);
        if (entry.Value is "True" or "False") return entry.Value == "True";
        try
        {
            return entry.Value is null ? null : PythonJson.Read(entry.Value);
        }
        catch (FormatException)
        {
            return entry.Value;
        }
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
