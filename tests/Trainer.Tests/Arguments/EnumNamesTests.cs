using System.Text.Json;

namespace NativeTrainer.Tests.Arguments;

public sealed class EnumNamesTests
{
    [Test]
    public void Members_have_Hugging_Faces_names_and_values()
    {
        var enums = Golden.Json("arguments/enums.json");
        Check(enums.GetProperty("IntervalStrategy"), EnumNames.IntervalStrategy, "IntervalStrategy");
        Check(enums.GetProperty("SchedulerType"), EnumNames.SchedulerType, "SchedulerType", newer: 3);
        Check(enums.GetProperty("OptimizerNames"), EnumNames.OptimizerNames, "OptimizerNames", newer: 6);
        Check(enums.GetProperty("HubStrategy"), EnumNames.HubStrategy, "HubStrategy");
        Check(enums.GetProperty("DebugOption"), EnumNames.DebugOption, "DebugOption");
        Check(enums.GetProperty("FSDPOption"), EnumNames.FsdpOption, "FSDPOption");
    }

    [Test]
    public void Repr_is_Pythons()
    {
        var repr = EnumNames.DebugOption.Repr(DebugOption.UnderflowOverflow);
        Assert.That(repr, Is.EqualTo("<DebugOption.UNDERFLOW_OVERFLOW: 'underflow_overflow'>"));
    }

    [Test]
    public void Log_levels_are_Pythons()
    {
        var levels = Golden.Json("arguments/enums.json").GetProperty("log levels").EnumerateArray().ToList();
        Assert.That(TrainingArguments.LogLevels.Keys, Is.EqualTo(levels.Select(l => l.GetProperty("name").GetString())));
        foreach (var level in levels)
        {
            var ours = TrainingArguments.LogLevels[level.GetProperty("name").GetString()!];
            Assert.That(ours is null ? -1 : 10 * (int)ours, Is.EqualTo(level.GetProperty("value").GetInt32()));
        }
    }

    private static void Check<T>(JsonElement members, EnumNames<T> names, string type, int newer = 0)
        where T : struct, Enum
    {
        var theirs = members.EnumerateArray().ToList();
        Assert.That(names.Values.SkipLast(newer), Is.EqualTo(theirs.Select(m => m.GetProperty("value").GetString())), type);
        Assert.That(Enum.GetValues<T>(), Has.Length.EqualTo(theirs.Count + newer), type);
        foreach (var member in theirs)
        {
            Assert.That(names.TryParse(member.GetProperty("value").GetString()!, out var item), type);
            Assert.That(names.Str(item), Is.EqualTo($"{type}.{member.GetProperty("name").GetString()}"));
            Assert.That(names.TryParse(member.GetProperty("name").GetString()!, out _), Is.False, "a member's name is no value");
        }
    }
}
