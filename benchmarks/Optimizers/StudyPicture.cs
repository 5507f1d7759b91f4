using NativeTrainer.Tensors;
using ScottPlot;
using SkiaSharp;

namespace NativeTrainer.Benchmarks.Optimizers;

/// <summary>Measurements as bars: nanoseconds for each parameter, a group of bars for each size.</summary>
internal static class StudyPicture
{
    static StudyPicture()
    {
        Fonts.FontResolvers.Insert(0, new OwnFont());
        Fonts.Default = OwnFont.Name;
    }

    public static void Save(string path, IReadOnlyList<OptimizerTime> rows)
    {
        using var plot = new Plot();
        long[] sizes = [.. rows.Select(row => row.Parameters).Distinct()];
        string[] names = [.. rows.Select(Label).Distinct()];
        foreach (var (place, size) in sizes.Index())
        {
            List<Bar> bars = [];
            foreach (var row in rows.Where(row => row.Parameters == size))
            {
                var at = (Array.IndexOf(names, Label(row)) * (sizes.Length + 1)) + place;
                bars.Add(new Bar { Position = -at, Value = row.Nanoseconds, FillColor = Colors.Category10[place % 10] });
            }
            var added = plot.Add.Bars(bars);
            added.Horizontal = true;
            added.LegendText = $"{size:N0} parameters";
        }
        Tick[] ticks = [.. names.Select((name, i) => new Tick(-(i * (sizes.Length + 1)) - ((sizes.Length - 1) / 2.0), name))];
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(ticks);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Margins(left: 0);
        plot.XLabel("ns per parameter");
        plot.Axes.Bottom.Label.Bold = false;
        plot.ShowLegend(Alignment.LowerRight);
        AtomicFile.WriteAllBytes(path, plot.GetImageBytes(1100, 140 + (28 * names.Length * sizes.Length), ImageFormat.Png));
    }

    private static string Label(OptimizerTime row) => $"{row.Optimizer} {row.DType.TorchName}";

    /// <summary>The command's font, which comes with the program.</summary>
    private sealed class OwnFont : IFontResolver
    {
        public const string Name = "PlotSans";

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            CreateTypeface(fontName, false, false);

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic)
        {
            if (fontName != Name) return null;
            using var font = typeof(StudyPicture).Assembly.GetManifestResourceStream("PlotSans.ttf")!;
            return SKTypeface.FromStream(font);
        }
    }
}
