namespace NativeTrainer;

/// <summary>Reads <c>lr_scheduler_kwargs</c> for one schedule, and refuses what that schedule does not know.</summary>
internal sealed class SchedulerSettings(SchedulerType type, IReadOnlyDictionary<string, object?>? kwargs)
{
    private readonly HashSet<string> _known = [];

    public Number Number(string name, Number fallback) => Find(name) ?? fallback;

    public Number? Find(string name)
    {
        _known.Add(name);
        if (kwargs is null || !kwargs.TryGetValue(name, out var value) || value is null) return null;
        if (PythonValue.Normalize(value) is long or double) return PythonValue.ToNumber(value);
        throw InvalidArgumentException.Value($"lr_scheduler_kwargs {name}", value, "a number");
    }

    public string Choice(string name, string fallback, params string[] choices)
    {
        _known.Add(name);
        if (kwargs is null || !kwargs.TryGetValue(name, out var value) || value is null) return fallback;
        if (value is string text && choices.Contains(text)) return text;
        throw InvalidArgumentException.Value($"lr_scheduler_kwargs {name}", value, "one of " + string.Join(", ", choices));
    }

    /// <summary>Called once all settings of the schedule have been asked for.</summary>
    public void RefuseOthers()
    {
        if (kwargs?.Keys.FirstOrDefault(k => !_known.Contains(k)) is not { } unknown) return;
        var expected = _known.Count == 0 ? "nothing" : string.Join(", ", _known);
        var name = EnumNames.SchedulerType.Value(type);
        var nearest = NearestName.Find(unknown, _known) is { } near && NearestName.Distance(unknown, near) <= 3 ? $" (\"{near}\"?)" : "";
        throw new InvalidArgumentException("lr_scheduler_kwargs", $"has \"{unknown}\"{nearest}, expected {expected} with {name}");
    }
}
