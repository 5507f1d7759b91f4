namespace NativeTrainer;

/// <summary>
/// Metrics and logs: names and numbers in the order in which they were added, for instance <c>new Metrics { ["accuracy"] = 0.9 }</c>. Whole
/// numbers stay whole in files (see <see cref="Number"/>).
/// </summary>
public sealed class Metrics : OrderedDictionary<string, Number>
{
    /// <summary>Creates an empty collection.</summary>
    public Metrics()
    {
    }

    /// <summary>Creates a copy.</summary>
    public Metrics(IEnumerable<KeyValuePair<string, Number>> metrics)
        : base(metrics)
    {
    }

    /// <summary>The text that Python prints: <c>{'loss': 5.5537, 'epoch': 0.2}</c>.</summary>
    public override string ToString() => PythonText.Repr(this);
}
