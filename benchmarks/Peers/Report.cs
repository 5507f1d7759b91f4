using System.Globalization;
using System.Text.Json;

namespace NativeTrainer.Benchmarks;

/// <summary>What came out of a row.</summary>
/// <param name="Name">The row.</param>
/// <param name="Threads">That both used.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Peer">The peer's; null where there is none.</param>
/// <param name="Ratio">How many times faster ours is.</param>
/// <param name="Limit">The best that the machine allows.</param>
/// <param name="OfLimit">Our share of it, 1 for all.</param>
/// <param name="Unit">Of the figures.</param>
/// <param name="PeerName">Who the peer is, or why there is none.</param>
internal sealed record Result(
    string Name, int Threads, double Ours, double? Peer, double? Ratio, double? Limit, double? OfLimit, string Unit, string PeerName)
{
    /// <summary>From seconds a call.</summary>
    public static Result Of(Duel duel, double ours, double? peer)
    {
        var (mine, theirs) = (duel.Figure(ours), peer is { } seconds ? duel.Figure(seconds) : (double?)null);
        var ratio = duel.LargerIsBetter ? mine / theirs : theirs / mine;
        var share = duel.LargerIsBetter ? mine / duel.Limit : duel.Limit / mine;
        return new Result(duel.Name, duel.Threads, mine, theirs, ratio, duel.Limit, share, duel.Unit, duel.PeerName);
    }
}

/// <summary>The table and the file.</summary>
internal static class Report
{
    /// <summary>The machine's own limits, and the head of the table.</summary>
    public static void Machine()
    {
        var threads = Environment.ProcessorCount;
        Console.WriteLine(Text($"FMA peak of a core {MachineLimits.FmaPeak:F0} GFLOP/s, stream bandwidth of {threads} threads {MachineLimits.Bandwidth(threads):F1} GB/s"));
        Console.WriteLine();
        Console.WriteLine("| row | threads | ours | peer | unit | ratio | limit | of limit | against |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
    }

    /// <summary>A line of the table.</summary>
    public static void Line(Result row) => Console.WriteLine(Text(
        $"| {row.Name} | {row.Threads} | {Figure(row.Ours)} | {Figure(row.Peer)} | {row.Unit} | {row.Ratio:F2} | {Figure(row.Limit)} | {row.OfLimit:F2} | {row.PeerName} |"));

    /// <summary>All rows as JSON.</summary>
    public static void Write(string path, IEnumerable<Result> rows)
    {
        using var stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteNumber("threads", row.Threads);
            json.WriteNumber("ours", row.Ours);
            Number("peer", row.Peer);
            Number("ratio", row.Ratio);
            Number("limit", row.Limit);
            Number("of_limit", row.OfLimit);
            json.WriteString("unit", row.Unit);
            json.WriteString("against", row.PeerName);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        void Number(string name, double? value)
        {
            if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
            else json.WriteNull(name);
        }
    }

    private static string Figure(double? value) =>
        value is not { } number ? "" : number.ToString(number < 10 ? "F3" : number < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
