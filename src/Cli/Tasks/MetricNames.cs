namespace NativeTrainer.Cli.Tasks;

/// <summary>Which of a task's metrics an evaluation computes.</summary>
internal static class MetricNames
{
    /// <summary>The metrics that <c>metric</c> asks for; the usual ones where it is unset.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="what">What the data asks of the model, for messages: "regression".</param>
    /// <param name="usual">The metrics where nothing is asked for.</param>
    /// <param name="known">All that fit.</param>
    /// <exception cref="InvalidArgumentException">A metric does not fit.</exception>
    public static IReadOnlySet<string> Choose(
        TaskContext context, string what, IReadOnlyList<string> usual, params IReadOnlyList<string> known)
    {
        var asked = context.Task.Metric ?? usual;
        foreach (var name in asked)
        {
            if (!known.Contains(name))
                throw new InvalidArgumentException("metric", $"is \"{name}\", expected {string.Join(", ", known)}, which fit {what}");
        }
        return asked.ToHashSet();
    }
}
