using NativeTrainer.Data;

namespace NativeTrainer.Cli.Tasks;

/// <summary>Collects rows of lists and numbers into a data set.</summary>
internal sealed class RowBuilder
{
    private readonly OrderedDictionary<string, Lists> _lists = [];
    private readonly OrderedDictionary<string, List<double>> _numbers = [];
    private readonly Dictionary<string, bool> _areWhole = [];
    private readonly OrderedDictionary<string, (List<float> Values, List<int> Starts)> _reals = [];
    private int _rows;

    /// <summary>Adds a list of whole numbers to the row in hand.</summary>
    public void Add(string column, IEnumerable<int> values)
    {
        if (!_lists.TryGetValue(column, out var lists)) _lists[column] = lists = new Lists();
        lists.Values.AddRange(values);
        lists.Starts.Add(lists.Values.Count);
    }

    /// <summary>Adds a list of real numbers.</summary>
    public void Add(string column, IEnumerable<float> values)
    {
        if (!_reals.TryGetValue(column, out var lists)) _reals[column] = lists = ([], [0]);
        lists.Values.AddRange(values);
        lists.Starts.Add(lists.Values.Count);
    }

    /// <summary>Adds a single number.</summary>
    public void Add(string column, double value, bool isWhole)
    {
        if (!_numbers.TryGetValue(column, out var numbers)) _numbers[column] = numbers = [];
        numbers.Add(value);
        _areWhole[column] = isWhole;
    }

    /// <summary>Ends the row.</summary>
    public void EndRow() => _rows++;

    /// <summary>The rows; every column has been given to every row.</summary>
    public IDataset Build() => new ColumnDataset(
        _rows,
        [
            .. _lists.Select(entry => (entry.Key, (DataColumn)new IntsColumn([.. entry.Value.Values], [.. entry.Value.Starts]))),
            .. _reals.Select(entry => (entry.Key, (DataColumn)new FloatsColumn([.. entry.Value.Values], [.. entry.Value.Starts]))),
            .. _numbers.Select(entry => (entry.Key, (DataColumn)new NumbersColumn([.. entry.Value], _areWhole[entry.Key]))),
        ]);

    private sealed class Lists
    {
        public List<int> Values { get; } = [];

        public List<int> Starts { get; } = [0];
    }
}
