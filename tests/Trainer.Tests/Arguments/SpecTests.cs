using System.Reflection;
using System.Text.Json;

namespace NativeTrainer.Tests.Arguments;

/// <summary>The table of fields against the description of the real classes.</summary>
public sealed class SpecTests
{
    // Newer than 4.37.2 and accepted here beside its own eight.
    private static readonly string[] NewerSchedules = ["cosine_with_min_lr", "cosine_warmup_with_min_lr", "warmup_stable_decay"];

    private static readonly string[] NewerOptimizers =
        ["adamw_torch_8bit", "ademamix", "ademamix_8bit", "schedule_free_adamw", "stable_adamw", "muon"];

    public static IEnumerable<TestCaseData> Fields()
    {
        foreach (var field in Spec()) yield return new TestCaseData(field).SetArgDisplayNames(field.GetProperty("name").GetString()!);
    }

    /// <summary>All fields of both classes.</summary>
    public static IEnumerable<JsonElement> Spec()
        => new[] { "TrainingArguments", "Seq2SeqTrainingArguments adds" }.SelectMany(list => Golden.Rows("arguments/spec.json", list));

    [Test]
    public void Fields_are_declared_in_order()
    {
        var names = Spec().Select(f => f.GetProperty("name").GetString()).ToList();
        Assert.That(Given.Seq2Seq().Fields.Where(f => !f.IsExtra).Select(f => f.Name), Is.EqualTo(names));
        Assert.That(Given.Training().Fields.Where(f => !f.IsExtra).Select(f => f.Name), Is.EqualTo(names.SkipLast(5)));
        Assert.That(Given.Training().Fields.Count(f => f.IsSettable && !f.IsExtra), Is.EqualTo(118));
    }

    [TestCaseSource(nameof(Fields))]
    public void Field_is_as_declared(JsonElement spec)
    {
        var args = Given.Seq2Seq();
        var name = spec.GetProperty("name").GetString()!;
        var field = args.Fields.Single(f => f.Name == name);
        Assert.That(field.Category, Is.EqualTo(spec.GetProperty("group").GetString()));
        Assert.That(field.IsRequired, Is.EqualTo(spec.TryGetProperty("required", out _)));
        Assert.That(field.Help, Does.EndWith("."));

        if (spec.TryGetProperty("default", out var declared) && name != "_n_gpu")
        {
            // Lists are lists here from the start, and a file's name or an empty text means none.
            var expected = name is "debug" or "fsdp" ? new List<object?>() : Golden.Plain(declared);
            Golden.AssertEqual(field.Default, expected, name);
        }
        Given.With(args);
        var completed = spec.TryGetProperty("after_construction", out var after) ? after : declared;
        if (!field.IsRequired) Golden.AssertEqual(field.Get(args), Golden.Plain(completed), $"{name} after construction");

        var choices = spec.TryGetProperty("choices", out var list) ? list.EnumerateArray().Select(c => c.GetString()!) : null;
        if (name == "lr_scheduler_type") choices = choices!.Concat(NewerSchedules);
        if (name == "optim") choices = choices!.Concat(NewerOptimizers);
        Assert.That(field.Choices, Is.EqualTo(choices));
    }

    [TestCaseSource(nameof(Fields))]
    public void Flag_takes_what_it_should(JsonElement spec)
    {
        var field = Given.Seq2Seq().Fields.Single(f => f.Name == spec.GetProperty("name").GetString());
        if (spec.GetProperty("cli").ValueKind == JsonValueKind.String)
        {
            Assert.That(field.IsSettable, Is.False);
            return;
        }
        var flags = spec.GetProperty("cli").EnumerateArray().ToList();
        Assert.That(field.Flag, Is.EqualTo(flags[0].GetProperty("flag").GetString()));
        Assert.That(field.NegativeFlag, Is.EqualTo(flags.Count > 1 ? flags[1].GetProperty("flag").GetString() : null));
        Assert.That(field.Arity, Is.EqualTo(flags[0].GetProperty("takes").GetString() switch
        {
            "one value" => ArgumentArity.One,
            "one value or more" => ArgumentArity.OneOrMore,
            _ => ArgumentArity.ZeroOrOne,
        }));
        var (right, wrong) = flags[0].GetProperty("read_as").GetString() switch
        {
            "int" => ("12", "1.5"),
            "float" => ("0.5", "half"),
            "bool word" => ("yes", "on"),
            "Dict" or "dict" => ("{\"a\": 1}", "a"),
            "DebugOption" => ("underflow_overflow", "nan"),
            _ => (field.Choices?[0] ?? (field.Name == "fsdp" ? "full_shard" : field.Name == "fsdp_config" ? "{}" : "text"), null),
        };
        field.Read(Given.Seq2Seq(), [right]);
        if (wrong is not null || field.Choices is not null)
        {
            Assert.That(() => field.Read(Given.Seq2Seq(), [wrong ?? "bogus"]),
                Throws.TypeOf<InvalidArgumentException>().With.Property("Argument").EqualTo(field.Name));
        }
    }

    [TestCaseSource(nameof(Fields))]
    public void Row_reads_and_writes_its_own_property(JsonElement spec)
    {
        var args = Given.Seq2Seq();
        var field = args.Fields.Single(f => f.Name == spec.GetProperty("name").GetString());
        var property = typeof(Seq2SeqTrainingArguments).GetProperty(PascalCase(field.Name), BindingFlags.Public | BindingFlags.Instance);
        Assert.That(property, Is.Not.Null, $"there is no property {PascalCase(field.Name)}");
        if (!field.IsSettable) return;
        var before = Given.Values(args);
        field.Set(args, Samples.Other(field)[0]);
        Assert.That(Given.Changed(args, before).Keys, Is.EqualTo(new[] { field.Name }));
        var fresh = property!.GetValue(Given.Seq2Seq());
        Assert.That(property.GetValue(args), Is.Not.EqualTo(fresh), "the property did not change with the field");
    }

    private static string PascalCase(string name)
        => string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
