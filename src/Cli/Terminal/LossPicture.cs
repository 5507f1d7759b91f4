using ScottPlot;
using SkiaSharp;

namespace NativeTrainer.Cli.Terminal;

/// <summary>The loss as a picture. Its font comes with the program, so that it looks the same on a machine that has none.</summary>
internal static class LossPicture
{
    /// <summary>The file's name in an output folder.</summary>
    public const string Name = "loss.png";

    private const int Width = 960;
    private const int Height = 540;

    static LossPicture()
    {
        Fonts.FontResolvers.Insert(0, new OwnFont());
        Fonts.Default = OwnFont.Name;
    }

    /// <summary>Draws the history and writes the picture; it is whole or as it was.</summary>
    public static void Save(string path, LossHistory history)
    {
        using var plot = new Plot();
        Add(plot, history.Training, "loss", Colors.SteelBlue, markerSize: 0);
        Add(plot, history.Evaluation, "eval_loss", Colors.DarkOrange, markerSize: 6);
        plot.XLabel("step");
        plot.YLabel("loss");
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.ShowLegend(Alignment.UpperRight);
        var png = plot.GetImageBytes(Width, Height, ImageFormat.Png);
        Tensors.AtomicFile.WriteAllBytes(path, png);
    }

    private static void Add(Plot plot, IReadOnlyList<(int Step, double Value)> points, string name, Color color, float markerSize)
    {
        if (points.Count == 0) return;
        var line = plot.Add.Scatter(points.Select(p => (double)p.Step).ToArray(), points.Select(p => p.Value).ToArray(), color);
        line.LegendText = name;
        line.LineWidth = 2;
        line.MarkerSize = points.Count == 1 ? 8 : markerSize;
    }

    /// <summary>The font in the program's resources.</summary>
    private sealed class OwnFont : IFontResolver
    {
        public const string Name = "PlotSans";

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            CreateTypeface(fontName, false, false);

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic)
        {
            if (fontName != Name) return null;
            using var font = typeof(LossPicture).Assembly.GetManifestResourceStream("PlotSans.ttf")!;
            return SKTypeface.FromStream(font);
        }
    }
}
