using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeTrainer.Benchmarks.Optimizers;

/// <summary>The arguments of <c>./bench optimizers</c>.</summary>
internal sealed record StudyOptions
{
    public const string Help = """
        ./bench optimizers [options]: nanoseconds for each parameter, GB/s and share of the machine's stream bandwidth.
          --filter NAMES   only these, with commas between; * stands for anything (adamw*,lion*)
          --sizes N,N      numbers of parameters; K and M are thousands and millions (default 100K,50M)
          --json FILE      the rows as JSON
          --csv FILE       the rows as CSV
          --plot FILE.png  bars of ns per parameter
        """;

    public IReadOnlyList<long> Sizes { get; init; } = [100_000, 50_000_000];

    public string? Filter { get; init; }

    public string? Json { get; init; }

    public string? Csv { get; init; }

    public string? Plot { get; init; }

    public bool IsHelp { get; init; }

    public static StudyOptions Parse(IReadOnlyList<string> args)
    {
        var options = new StudyOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--help" or "-h") return options with { IsHelp = true };
            if (args[i] is not ("--filter" or "--sizes" or "--json" or "--csv" or "--plot"))
            {
                throw new ArgumentException($"found {args[i]}, expected --filter, --sizes, --json, --csv, --plot or --help");
            }
            if (i + 1 == args.Count) throw new ArgumentException($"{args[i]} has no value");
            var value = args[++i];
            options = args[i - 1] switch
            {
                "--filter" => options with { Filter = value },
                "--sizes" => options with { Sizes = [.. value.Split(',').Select(Size)] },
                "--json" => options with { Json = value },
                "--csv" => options with { Csv = value },
                _ => options with { Plot = value },
            };
        }
        return options;
    }

    public bool Chooses(string name) => Filter is null || Filter.Split(',').Any(
        part => Regex.IsMatch(name, "^" + Regex.Escape(part.Trim()).Replace("\\*", ".*", StringComparison.Ordinal) + "$"));

    private static long Size(string text)
    {
        var unit = text.ToUpperInvariant() switch { [.., 'K'] => 1000, [.., 'M'] => 1_000_000, _ => 1 };
        var digits = unit == 1 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number * unit
            : throw new ArgumentException($"--sizes has {text}, expected whole numbers above 0, K and M allowed");
    }
}
