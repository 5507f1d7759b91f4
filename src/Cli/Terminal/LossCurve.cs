using System.Globalization;

namespace NativeTrainer.Cli.Terminal;

/// <summary>The loss as a curve of Braille dots, two by four to a character.</summary>
internal static class LossCurve
{
    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const char Blank = '\u2800';

    // The bits of a Braille character by row and column.
    private static readonly byte[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <summary>Draws the curve.</summary>
    /// <param name="history">The loss.</param>
    /// <param name="width">Characters across, without the labels.</param>
    /// <param name="height">Lines, without the steps below.</param>
    /// <returns>Lines in Spectre.Console's markup: the training's loss, and the evaluations' in another colour on top.</returns>
    public static IEnumerable<string> Draw(LossHistory history, int width, int height)
    {
        var points = history.Training.Concat(history.Evaluation).ToList();
        if (points.Count == 0 || width < 2 || height < 2) yield break;
        var (low, high) = (points.Min(p => p.Value), points.Max(p => p.Value));
        var (first, last) = (points.Min(p => p.Step), points.Max(p => p.Step));
        var training = Plot(history.Training, width, height, (first, last), (low, high));
        var evaluation = Plot(history.Evaluation, width, height, (first, last), (low, high));
        for (var row = 0; row < height; row++)
        {
            var value = high - (high - low) * row / (height - 1);
            var label = row % 3 == 0 || row == height - 1 ? value.ToString("G4", CultureInfo.InvariantCulture) : "";
            yield return $"[grey]{label,8} │[/]{Line(training, evaluation, row, width)}";
        }
        yield return $"[grey]{"",8} └{new string('─', width)}[/]";
        var steps = $"{first}".PadRight(Math.Max(width - $"{last}".Length, $"{first}".Length + 1)) + last;
        var legend = history.Evaluation.Count == 0 ? "[aqua]loss[/]" : "[aqua]loss[/] [yellow]eval_loss[/]";
        yield return $"[grey]{"step",8}  {steps}[/]";
        yield return $"{"",10}{legend}";
    }

    private static string Line(byte[,] training, byte[,] evaluation, int row, int width)
    {
        var line = new System.Text.StringBuilder();
        for (var column = 0; column < width; column++)
        {
            var (under, over) = (training[row, column], evaluation[row, column]);
            if (over != 0) line.Append("[yellow]").Append((char)(Blank + (over | under))).Append("[/]");
            else if (under != 0) line.Append("[aqua]").Append((char)(Blank + under)).Append("[/]");
            else line.Append(' ');
        }
        return line.ToString();
    }

    // Joins neighbouring points by straight lines of dots.
    private static byte[,] Plot(
        IReadOnlyList<(int Step, double Value)> points, int width, int height, (int First, int Last) steps,
            (double Low, double High) values)
    {
        var dots = new byte[height, width];
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = Place(points[i]);
            var (fromX, fromY) = i == 0 ? (x, y) : Place(points[i - 1]);
            var count = Math.Max(1, Math.Max(Math.Abs(x - fromX), Math.Abs(y - fromY)));
            for (var step = 0; step <= count; step++)
            {
                Set(fromX + (x - fromX) * step / count, fromY + (y - fromY) * step / count);
            }
        }
        return dots;

        (int X, int Y) Place((int Step, double Value) point)
        {
            var across = steps.Last == steps.First ? 0 : (point.Step - steps.First) / (double)(steps.Last - steps.First);
            var down = values.High == values.Low ? 0.5 : (values.High - point.Value) / (values.High - values.Low);
            return ((int)Math.Round(across * (width * DotsAcross - 1)), (int)Math.Round(down * (height * DotsDown - 1)));
        }

        void Set(int x, int y) => dots[y / DotsDown, x / DotsAcross] |= Bits[y % DotsDown, x % DotsAcross];
    }
}
