using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NativeTrainer.Cli.Terminal;

/// <summary>How many steps of how many, and how fast they go.</summary>
internal sealed class StepsColumn : ProgressColumn
{
    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        var rate = task.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $" {speed:G3}/s") : "";
        return new Text($"{task.Value:F0}/{task.MaxValue:F0}{rate}");
    }
}
